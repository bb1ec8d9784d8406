"""The words dictionaries use for their columns."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """What a column can mean to us: its code, its name on the page, the headings it goes by."""

    code: str
    label: str
    headings: tuple[str, ...]


def define(code: str, label: str, headings: str) -> Role:
    return Role(code, label, tuple(part.strip() for part in headings.split(",") if part.strip()))


# Earlier roles win a heading that two could claim equally well.
ROLES: tuple[Role, ...] = (
    define(
        "name",
        "Name",
        "name, field name, attribute name, line item name, item name, data field name, "
        "data element name, element name, business name, logical name, field title, field label, "
        "report field, data reporting field, column heading, "
        "attribute, data element, field, data item, line item, data field, element, "
        "business term, title, label, caption, variable name, column name, variable, column, term, "
        "item description, data point, data item name, data point name, report line name",
    ),
    define(
        "technical_name",
        "Technical name",
        "technical name, technical line item name, technical field name, tech name, short name, "
        "physical name, physical column, physical column name, system name, database column, "
        "database field, db column, db field, column name, variable name, field code name, "
        "variable identifier, field identifier, attribute identifier, mnemonic, abbrev, "
        "xml tag, xml element, tag name, tag, json name, json field, api name, abbreviation, "
        "alias, source column, field alias, column, variable, header name, file header",
    ),
    define(
        "line",
        "Line",
        "line, line no, line number, line item no, line item number, line num, item no, n, "
        "item number, field no, field number, field num, data field number, no, number, nr, num, "
        "seq, seq no, sequence, sequence no, sequence number, order, position, pos, field index, "
        "index, field position, column number, column no, column index, ordinal, "
        "ordinal position, field order, s no, sl no, serial no, row no, ref, ref no, line ref, "
        "element number, attribute number, item, row, column order, field sequence",
    ),
    define(
        "item_code",
        "Item code",
        "mdrm, mdrm code, mdrm number, mdrm item, mdrm no, mdrm id, item code, code, field code, "
        "data point id, data point code, datapoint id, field id, element id, element code, "
        "attribute id, attribute code, item id, xbrl code, dpm id, id, identifier, reference code, "
        "mdrm full, unique id, report code",
    ),
    define(
        "format",
        "Format",
        "format, field format, data format, format rule, picture, pic, pic clause, mask, "
        "input format, edit format, format mask, display format, reporting format, "
        "format length, data type and format, format and length, file format, value format, "
        "format and standards to be used for reporting, format and standards",
    ),
    define(
        "data_type",
        "Data type",
        "data type, type, field type, datatype, data field type, sql type, dtype, storage type, "
        "field type description, column type, attribute type, element type, value type, "
        "primitive type, variable type, field data type, db type, json type, class, "
        "data type length, type length, type and length, data type and length, dtypes, "
        "type of data, type of field, data kind, unit, units, unit of measure",
    ),
    define(
        "length",
        "Length",
        "length, len, width, size, max length, maximum length, max len, field length, "
        "width or storage, field width, field size, character length, column width, data length, "
        "max size, precision, total digits, char length, storage, maxlength",
    ),
    define(
        "scale",
        "Decimals",
        "scale, decimals, decimal places, number of decimals, no of decimals, dec, "
        "fraction digits, decimal digits, num decimals, decimal",
    ),
    define(
        "requirement",
        "Requirement",
        "requirement, mandatory or optional, mandatory optional, mandatory, required, "
        "optional or mandatory, required optional, required or optional, m o, m c o, m o c, r o, "
        "optionality, obligation, is mandatory, is required, mandatory conditional optional, "
        "mandatory or conditional or optional, mandatory flag, required flag, req, reqd, usage, "
        "presence, reporting requirement, requirement level, mandatory status, m or o, "
        "requiredness, field requirement, mandatory yes no, required yes no, required y n, "
        "mandatory y n, cardinality, multiplicity, mand opt, mand",
    ),
    define(
        "nullable",
        "May be blank",
        "nullable, nullability, null, can be null, nulls, allow null, allows null, "
        "allow nulls, null allowed, "
        "nulls allowed, is nullable, blank allowed, may be blank, optional, is optional, "
        "null option, null yes no, null ok, optional flag",
    ),
    define(
        "allowed_values",
        "Allowed values",
        "allowed values, valid values, permitted values, permissible values, code list, "
        "code values, values, codes, enumerations, enumeration, enum, domain values, domain, "
        "lookup values, lookup, value list, list of values, lov, possible values, "
        "accepted values, acceptable values, valid vals, picklist, pick list, legal values, "
        "value set, value domain, allowable values, valid codes, allowed codes, code set, "
        "codeset, reference values, valid value, allowed value, codes and values, options, "
        "choices, code where applicable, codes where applicable, "
        "values and codes, valid entries, permitted codes, code table, range of values",
    ),
    define(
        "description",
        "Description",
        "description, definition, field description, business definition, instructions, "
        "business description, data element definition, attribute description, meaning, "
        "explanation, long description, details, description and definition, "
        "descriptions and examples, descriptions, desc, def, definition and instructions, "
        "reporting instructions, instruction, field definition, comment, comments, notes, note, "
        "remarks, business meaning, attribute definition, column description, text, guidance, doc, "
        "narrative, detailed description, label description, element definition, purpose, "
        "content to be reported, details to be reported, what to report",
    ),
    define(
        "key",
        "Key",
        "key, pk, primary key, is key, key flag, pk flag, key field, is pk, key yes no, "
        "primary key flag, is primary key, part of key, key column, pk fk, unique key, "
        "key type, business key, natural key, record key, identifying",
    ),
    define("key_order", "Key order", "key order, pk order, key sequence, key position, key seq"),
    define(
        "cde",
        "Critical data element",
        "cde, critical data element, is cde, cde flag, kde, key data element, critical, "
        "is critical, critical element, critical data element flag, cde yes no, critical flag, "
        "cde indicator",
    ),
    define(
        "status",
        "Status",
        "status, field status, lifecycle, lifecycle status, active, is active, in use, "
        "active flag, retired, is retired, deprecated, is deprecated, inactive, obsolete, "
        "line status, current status, record status, item status, deleted, "
        "active inactive, active retired",
    ),
    define(
        "end_date",
        "Retired on",
        "end date, retired on, retired date, retirement date, effective to, valid to, "
        "valid until, expiry date, expiration date, effective end date, date retired, "
        "discontinued date, to date",
    ),
    define(
        "static_dynamic",
        "Static or dynamic",
        "static or dynamic, static dynamic, s d, volatility, static, static dynamic flag, s or d",
    ),
    define(
        "schedule",
        "Schedule",
        "schedule, schedule id, schedule code, report form, reporting form, form, template, "
        "report, record type, table, table name, file name, file, schedule name, report name, "
        "entity, dataset, sub schedule, segment",
    ),
    define("example", "Example", "example, examples, sample, sample value, example value, e g"),
)
BY_CODE = {role.code: role for role in ROLES}
