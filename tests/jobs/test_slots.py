"""Slots: a packet, a byte, and nothing that a killed process could leave locked."""

import select

import pytest

from jobs.cluster.slots import Board, Dispatcher, quiet


@pytest.fixture
def make_board():
    made = []

    def make(started, slots=0):
        made.append(Board(started, slots or started))
        return made[-1]

    yield make
    for board in made:
        board.close()


def answer(slot):
    """What a worker does with everything in its channel; returns the job ids it ran."""
    ran = []
    while packet := slot.receive():
        number, job_id = packet
        if job_id:
            ran.append(job_id)
        slot.finish(number)
    return ran


def test_a_slot_is_idle_only_after_its_worker_answered(make_board):
    board = make_board(2)
    dispatcher = Dispatcher(board)
    assert dispatcher.idle() == []
    answer(board.slots[1])
    assert dispatcher.idle() == [board.slots[1]]


def test_a_busy_slot_gets_nothing_until_its_job_is_done(make_board):
    board = make_board(1)
    (slot,) = board.slots
    dispatcher = Dispatcher(board)
    answer(slot)
    assert dispatcher.hand(slot, 7)
    assert dispatcher.idle() == []
    assert answer(slot) == [7]
    assert dispatcher.idle() == [slot]


def test_numbers_go_round_without_confusion(make_board):
    board = make_board(1)
    (slot,) = board.slots
    dispatcher = Dispatcher(board)
    answer(slot)
    for job_id in range(1, 1000):
        assert dispatcher.idle() == [slot]
        dispatcher.hand(slot, job_id)
        assert dispatcher.idle() == []
        assert answer(slot) == [job_id]


def test_a_new_pusher_learns_that_a_worker_is_busy(make_board):
    board = make_board(1)
    (slot,) = board.slots
    first = Dispatcher(board)
    answer(slot)
    first.hand(slot, 7)
    number, _job = slot.receive()
    second = Dispatcher(board)
    assert second.idle() == []
    slot.finish(number)
    assert second.idle() == []
    assert answer(slot) == []
    assert second.idle() == [slot]


def test_a_dead_worker_s_unread_packet_goes_to_the_next_one(make_board):
    board = make_board(1)
    (slot,) = board.slots
    dispatcher = Dispatcher(board)
    answer(slot)
    dispatcher.hand(slot, 7)
    dispatcher.ask(slot.index)  # its worker died before reading
    assert dispatcher.idle() == []
    assert answer(slot) == [7]
    assert dispatcher.idle() == [slot]


def test_a_worker_killed_in_a_job_leaves_its_slot_to_the_next_one(make_board):
    board = make_board(1)
    (slot,) = board.slots
    dispatcher = Dispatcher(board)
    answer(slot)
    dispatcher.hand(slot, 7)
    slot.receive()
    board.report_death(0, 4711)
    assert board.deaths() == [(0, 4711)]
    dispatcher.ask(0)
    assert answer(slot) == []
    assert dispatcher.idle() == [slot]


def test_a_full_channel_blocks_nobody(make_board):
    board = make_board(2)
    frozen, lively = board.slots
    dispatchers = [Dispatcher(board) for _ in range(2000)]
    answer(lively)
    last = dispatchers[-1]
    assert frozen.index in last.unasked
    while answer(lively):
        pass
    fresh = Dispatcher(board)
    answer(lively)
    assert fresh.idle() == [lively]
    answer(frozen)
    assert fresh.idle() == [lively]  # this look asks the slot that could not be asked before
    answer(frozen)
    assert fresh.idle() == [frozen, lively]


def test_notes_that_nobody_reads_are_refused_and_block_nobody(make_board):
    board = make_board(1)
    told = 0
    while board.report_death(0, 1):
        told += 1
    assert len(board.deaths()) == told


def test_a_pulse_moves_whenever_its_process_goes_on(make_board):
    board = make_board(3)
    for _ in range(300):
        before = (board.pulse("pusher"), board.pulse("monitor"))
        board.beat("pusher")
        assert board.pulse("pusher") != before[0]
        assert board.pulse("monitor") == before[1]
    assert [slot.done for slot in board.slots] == [0, 0, 0]


def test_a_board_has_room_for_more_workers_than_the_cluster_started_with(make_board):
    board = make_board(1, slots=4)
    dispatcher = Dispatcher(board)
    for slot in board.slots:
        answer(slot)
    assert dispatcher.idle() == board.slots[:1]
    board.want(3)
    assert is_readable(board.resized)
    assert dispatcher.idle() == board.slots[:1]  # the new ones are asked now
    for slot in board.slots:
        answer(slot)
    assert dispatcher.idle() == board.slots[:3]
    board.want(2)
    assert dispatcher.idle() == board.slots[:2]
    board.want(None)
    assert (board.wanted, dispatcher.idle()) == (1, board.slots[:1])
    board.want(64)
    assert board.wanted == 4


def test_the_sentinel_is_rung_only_for_another_number(make_board):
    board = make_board(2, slots=4)
    board.want(None)
    board.want(2)
    assert not is_readable(board.resized)
    board.want(3)
    assert is_readable(board.resized)
    quiet(board.resized)
    assert not is_readable(board.resized)


def is_readable(descriptor):
    return bool(select.select([descriptor], [], [], 0)[0])
