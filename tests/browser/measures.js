// Runs in a page of a test: everything wrong with it that can be measured as it is drawn.
() => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const called = (e) => `${e.tagName.toLowerCase()}.${e.className}`;
  const words = (e) => (e.textContent || e.name || e.id).trim().slice(0, 40);

  // Colours as painted: any notation becomes bytes on a canvas.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = ([r, g, b, a], under) =>
    [r, g, b].map((value, at) => (value * a + under[at] * (255 - a)) / 255);
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => linear(value / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor);
      layers.push(colour);
      if (colour[3] === 255) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const ratio = (element) => {
    const under = ground(element);
    const text = over(rgba(getComputedStyle(element).color), under);
    const [low, high] = [light(text), light(under)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const contrast = () => {
    const exempt = "script, style, template, option, .visually-hidden, :disabled, [aria-disabled=true]";
    const found = new Map();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const empty = !walker.currentNode.textContent.trim();
      if (empty || !shown(element) || element.closest(exempt)) continue;
      const style = getComputedStyle(element);
      if (style.clipPath !== "none" || rgba(style.color)[3] === 0) continue;
      const value = ratio(element);
      if (value < 4.5) found.set(called(element), `${value.toFixed(2)} "${words(element)}"`);
    }
    return [...found].map(([where, what]) => `contrast ${what} ${where}`);
  };

  // Below 24 px a finger or a shaky hand misses; links within text are excepted, as in WCAG 2.5.8.
  const targets = () =>
    all("a[href], button, select, textarea, summary, input:not([type=hidden], [type=checkbox], [type=radio])")
      .filter((e) => !e.closest(".visually-hidden, .skip, p, dd, blockquote, small") && !e.closest("li:not(nav li)"))
      .map((e) => [e, e.getBoundingClientRect()])
      .filter(([, box]) => box.width && (box.height < 23.5 || box.width < 23.5))
      .map(([e, box]) => `target ${Math.round(box.width)} x ${Math.round(box.height)} "${words(e)}" ${called(e)}`);

  const unnamed = () =>
    all("input:not([type=hidden]), select, textarea")
      .filter((e) => !e.labels?.length && !e.ariaLabel && !e.getAttribute("aria-labelledby"))
      .map((e) => `no name ${e.outerHTML.slice(0, 120)}`);

  const repeated = () => {
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))].map((id) => `id twice ${id}`);
  };

  const wide = () => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const culprits = all("main *, header *, footer *")
      .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(".scroll, nav ul, .tabs, pre"))
      .slice(0, 3)
      .map((e) => `${called(e)} "${words(e)}"`);
    return [`wider than the page by ${root.scrollWidth - root.clientWidth} px: ${culprits.join("; ")}`];
  };

  // A table that leaves its card lies under what stands beside it.
  const cut = () =>
    all(".card table")
      .filter((e) => !e.closest(".visually-hidden") && getComputedStyle(e.parentElement).overflowX === "visible")
      .map((e) => [e, e.getBoundingClientRect().right - e.closest(".card").getBoundingClientRect().right])
      .filter(([, over]) => over > 1)
      .map(([e, over]) => `table ${Math.round(over)} px beyond its card "${words(e)}"`);

  const headings = () => {
    const count = all("h1").length;
    return count === 1 ? [] : [`${count} h1`];
  };

  return [...contrast(), ...targets(), ...unnamed(), ...repeated(), ...wide(), ...cut(), ...headings()];
}
