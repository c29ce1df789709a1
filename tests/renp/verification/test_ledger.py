"""The ledger as users see it: records, evidence, transcripts, the page of the book, the command."""

from __future__ import annotations

import dataclasses
import json

import pytest
from typer.testing import CliRunner

from derivations.ledger.printed import printed
from derivations.ledger.proofs import proofs
from derivations.ledger.proofs.real_chain import CAVEATS
from derivations.written.prose import pieces, plain
from renp.cli.main import app
from renp.verification import benchmark_claims, probe_claims
from renp.verification.benchmark_claims import BENCHMARK_PROOFS
from renp.verification.ledger import (
    CORRECTED,
    ORDER,
    VERDICTS,
    as_records,
    entry,
    ledger_entries,
    selected,
    source_keys,
    transcript,
)

NUMERICAL = {
    "NF22-threshold-shift": "convention",
    "GP23a-scan": "confirmed",
    "GP23b-events-scan": "convention",
    "GP23b-events-low": "refuted",
    "GP22-g_L-nature": "confirmed",
    "GP22-lightest-mass": "convention",
    "GP22-same-shape": "convention",
    "GP22-interference-dominates": "refuted",
    "GP22-enhancement": "confirmed",
    "GP22-size-vector": "confirmed",
    "GP22-size-scalar": "confirmed",
    "GP23c-scalar-suppression": "refuted",
    "GP23b-E1-over-M1-photon": "confirmed",
    "GP23b-M1-over-E1-pair": "confirmed",
    "GP23b-E1xE1-signal": "confirmed",
    "GP23b-E1xE1-background": "refuted",
    "GS15-shift-tree": "convention",
    "VE89-shift-number": "refuted",
    "R96-decay-rate": "refuted",
    "GP23b-plasmon-conversion": "convention",
    "GP23b-more-photon-pairs": "confirmed",
}
NUMERICAL_PROOFS = {**BENCHMARK_PROOFS, **probe_claims.PROOFS}
SIZES = {**benchmark_claims.SIZES, **probe_claims.SIZES}


@pytest.fixture(scope="module")
def entries():
    return ledger_entries()


def run(*words: str):
    return CliRunner().invoke(app, ["ledger", *words])


def test_at_least_thirty_entries_each_proven_once(entries):
    assert len(entries) >= 130
    assert [one.id for one in entries] == list(printed())
    assert set(proofs()) | set(NUMERICAL_PROOFS) == set(printed())
    assert not set(proofs()) & set(NUMERICAL_PROOFS)


def test_no_element_is_left_out_where_the_scalar_interference_is_weighed() -> None:
    transcript = BENCHMARK_PROOFS["GP22-interference-dominates"]()
    for steps in transcript.steps:
        for element in ("11", "12", "13", "22", "23", "33"):
            assert f"y_S,{element}" in steps
            assert f"y_P,{element}" in steps
    # y_P,12 and y_P,33 are excluded by their interference on one side, so the paper is right about these two.
    assert "y_P,12 and y_P,33" in transcript.reason


def test_the_loss_of_weak_background_is_that_of_the_evaluator_too() -> None:
    proof = BENCHMARK_PROOFS["GP23b-E1xE1-background"]()
    assert "evaluated, E1 over M1 pair step: 6.5 orders at 0.3 eV, 8.6 orders at 1.069 eV" in proof.steps
    assert "8.6 near the thresholds" in proof.reason


def test_four_and_four_is_decided_with_both_orders_and_the_axial_part() -> None:
    signal, background = (BENCHMARK_PROOFS[f"GP23b-E1xE1-{name}"]() for name in ("signal", "background"))
    assert any(
        step.startswith("both orders of the steps: 8.2 orders at 0.3 eV, 5.5 at 1.069 eV") for step in signal.steps
    )
    assert any(
        step.startswith("both orders of the steps: 5.0 orders at 0.3 eV, 8.0 at 1.069 eV") for step in background.steps
    )
    assert any("axial current" in step for step in background.steps)


def test_a_slip_of_the_slide_is_not_laid_to_the_paper_that_was_not_seen() -> None:
    vector = entry("NF22-vector")
    assert vector.source == "NF22 backup slide"
    # GP22 says in words, below its (21), what the slide has lost.
    assert "the text of GP22 below (21) calls it proportional to the neutrino masses" in vector.reason


def test_records_have_exactly_the_six_keys_and_known_verdicts(entries):
    for record in as_records(entries):
        assert list(record) == ["id", "source", "claim", "verdict", "reason", "evidence"]
        assert all(isinstance(value, str) and value for value in record.values())
        assert record["verdict"] in VERDICTS


def test_entries_are_frozen(entries):
    with pytest.raises(dataclasses.FrozenInstanceError):
        entries[0].verdict = "confirmed"


@pytest.mark.parametrize("identifier", sorted(NUMERICAL))
def test_numerical_claims_keep_their_verdicts(identifier):
    assert entry(identifier).verdict == NUMERICAL[identifier]


def test_the_table_of_numerical_claims_is_complete():
    assert set(NUMERICAL) == set(NUMERICAL_PROOFS)


def test_each_refuted_algebraic_claim_states_its_size_and_what_is_right(entries):
    for one in entries:
        if one.verdict == "refuted" and one.id in proofs():
            assert one.id in SIZES
            assert "Size on the benchmark: " in one.reason
        else:
            assert one.id not in SIZES


def test_entries_that_belong_to_the_averaged_atom_say_so(entries):
    for one in entries:
        assert (one.id in CAVEATS) == (CAVEATS.get(one.id, lambda: "no caveat")() in one.reason)
    assert "gives no rate at all" in entry("GP22-size-scalar").reason
    assert "real over averaged rate 0; with T_zz = 1 it is 3.0" in entry("GP22-scalar-real-chain").reason


def test_evidence_names_the_entry(entries):
    assert {one.evidence for one in entries} == {f"renp ledger --id {one.id}" for one in entries}


def test_second_hand_knowledge_is_marked(entries):
    marked = {one.id for one in entries if "[known second-hand]" in one.source}
    assert marked == {record.id for record in printed().values() if record.second_hand}
    assert "D13-Gamma0" in marked
    assert "NF22-vector" not in marked


def test_transcript_lists_steps_dimensions_and_reason():
    text = transcript("NF22-vector")
    assert text.startswith("NF22-vector: refuted\n")
    assert "terms of different mass dimension are added" in text
    assert " 5. " in text
    assert text.endswith(entry("NF22-vector").reason)
    assert "mass dimension 2, as it must be" in transcript("D13-spectral")


def test_an_unknown_entry_is_one_clear_line():
    with pytest.raises(ValueError, match=r"unknown ledger entry 'NF22-vectr': near it are NF22-vector"):
        entry("NF22-vectr")


def test_every_entry_has_a_reason_of_one_line() -> None:
    for one in selected():
        assert 5 < len(plain(one.line)) <= 120, (one.id, one.line)
        assert one.line.endswith("."), one.id
        assert plain(one.line + (" " if one.proof.details else "") + one.proof.details) == plain(one.proof.reason)


def test_what_is_not_confirmed_comes_with_what_is_right() -> None:
    for one in selected():
        assert bool(one.proof.corrected) == (one.verdict != "confirmed"), one.id
        if one.proof.corrected:
            assert f"{CORRECTED[one.verdict]}: {plain(one.proof.corrected)}." in one.entry.reason


def test_corrected_formulas_are_proven_to_be_the_derived_ones() -> None:
    from derivations.ledger.proofs.proof import ProofError, proven
    from derivations.symbols import ENERGY, M_E, RECOIL

    assert proven("T/E", RECOIL / ENERGY, "x") == "$x = T/E$"
    assert proven("T/m_e", RECOIL / ENERGY, values={M_E: ENERGY}) == "$T/m_e$"
    with pytest.raises(ProofError, match="not proven: 2 T/E is what was derived"):
        proven("2 T/E", RECOIL / ENERGY)


def test_the_claim_in_print_stands_in_the_record(entries) -> None:
    for one in entries:
        assert one.claim.startswith(plain(printed()[one.id].claim))
        assert "$" not in one.claim + one.reason


def test_refuted_comes_first_and_nothing_is_left_out(entries) -> None:
    chosen = selected()
    assert sorted(one.id for one in chosen) == sorted(one.id for one in entries)
    assert [ORDER.index(one.verdict) for one in chosen] == sorted(ORDER.index(one.verdict) for one in chosen)
    assert set(ORDER) == set(VERDICTS) == set(CORRECTED)


def test_an_entry_belongs_to_every_source_that_prints_it() -> None:
    found = {one.id for one in selected("gp22")}
    assert {"GP22-a_L", "D13-I_D", "NF22-scalar-square"} <= found
    assert all("GP22" in printed()[identifier].source for identifier in found)
    assert {one.verdict for one in selected("GP22", "refuted")} == {"refuted"}
    assert len(source_keys()) == len(set(source_keys()))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--source", "GP2"), "unknown source 'GP2', near it GP22 or "),
        (("--source", "Nature"), "unknown source 'Nature': allowed are D13, S16, "),
        (
            ("--verdict", "refute"),
            "unknown verdict 'refute', near it refuted: allowed are refuted, convention, confirmed",
        ),
        (("--id", "GP22-q2", "--verdict", "refuted"), "--verdict is for a list of entries, found --id GP22-q2"),
        (("--html", "page.html", "--json"), "--html and --json: found both"),
        (("some_folder", "--source", "GP22"), "--source is for the ledger of the literature, found the FOLDER"),
        (("--html", "no_such_folder/page.html"), "no_such_folder"),
        (("--format", "latex"), "--format is for a FOLDER"),
    ],
)
def test_a_wrong_choice_is_one_clear_line(words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert message in result.stderr


def test_a_choice_prints_as_text_and_as_json() -> None:
    listing = run("--source", "GSch00", "--verdict", "refuted").stdout
    assert listing.startswith("GSch00-recoil: refuted (GSch00 [known second-hand])\n    claim:   the asymmetry shows")
    assert "    correct: no asymmetry in dsigma/dT\n" in listing
    assert "1 entry: 1 refuted, 0 convention, 0 confirmed." in listing
    found = json.loads(run("--source", "GSch00", "--json").stdout)
    assert [one["id"] for one in found] == ["GSch00-recoil", "GSch00-azimuth"]


def test_a_claim_is_never_typed_in_half() -> None:
    for record in printed().values():
        for text in (record.claim, record.conventions, record.domain):
            assert "".join(content for _, content in pieces(text)) == plain(text)


def test_command_prints_json(entries):
    result = run("--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == as_records(entries)


def test_command_prints_one_entry_as_json():
    result = run("--id", "NF22-theta", "--json")
    assert [record["id"] for record in json.loads(result.stdout)] == ["NF22-theta"]


def test_command_prints_table_and_transcript(entries):
    listing = run().stdout
    assert (
        listing.index("NF22-vector: refuted")
        < listing.index("NF22-plus-hc: convention")
        < listing.index("GP22-q2: confirmed")
    )
    assert all(f"{one.id}: {one.verdict}" in listing for one in entries)
    assert "38 refuted" in listing
    assert run("--id", "GP22-q2").stdout == transcript("GP22-q2") + "\n"


def test_command_refuses_an_unknown_entry():
    result = run("--id", "nope")
    assert result.exit_code == 2
    assert "unknown ledger entry 'nope'" in result.stderr
