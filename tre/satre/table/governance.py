"""Information governance: quality, risk and study management (SATRE 1.1 to 1.4)."""

from tre.satre.statement import organisational, partly, shown

STATEMENTS = (
    partly(
        "1.1.01 M",
        "knowing which rules apply",
        "The rules that are enforced are one table with the source of each beside it; finding out "
        "which laws and contracts bind you, and watching them change, is yours.",
        "five_safes/test_actions.py::test_every_rule_says_what_must_hold_and_who_asks_for_it",
    ),
    partly(
        "1.1.02 M",
        "controls for what stakeholders ask",
        "Every action asks its rules, for every role, and nothing is free; whether these are the "
        "controls that your stakeholders want is yours to agree with them.",
        "five_safes/test_actions.py::test_a_role_may_do_what_it_is_for_and_nothing_else",
        "five_safes/test_actions.py::test_no_action_is_free",
    ),
    organisational(
        "1.1.03 M",
        "enough people and money",
        "Give somebody the budget and the hours: two checkers, a linker, a manager and an auditor "
        "are the fewest with whom the rules here can be kept.",
    ),
    partly(
        "1.2.01 M",
        "who may change policies",
        "Disclosure policies come with the software, are known by their hash, and none can pass "
        "for another; who may install a new version, and who may write your procedures, is yours.",
        "output_checks/test_policy.py::test_a_file_with_the_name_of_a_policy_that_ships_must_be_that_policy",
        "settings-guarded",
    ),
    partly(
        "1.2.02 M",
        "versions of policies",
        "Any change of a policy changes its hash, and each release names the hash it was judged "
        "by; written procedures with dates and authors are yours.",
        "output_checks/test_policy.py::test_the_hash_changes_with_any_value",
        "records-complete",
    ),
    partly(
        "1.2.03 R",
        "reporting on governance",
        "This assessment, the queue's age and the ledger's refusals can be read any day; a report "
        "to your management at fixed times is yours.",
        "desk/test_ledger.py::test_a_search_stands_in_the_address_and_finds_what_fits",
        "answered-in-time",
    ),
    partly(
        "1.2.04 M",
        "auditing against standards",
        "`tre satre` scores 0, 1 or 2 with checks that can fail; an audit is done by people, and "
        "against other standards as well.",
        "steps/test_satre.py::test_every_claim_has_evidence_that_can_fail",
    ),
    partly(
        "1.2.05 M",
        "sharing the outcome of audits",
        "The assessment is written as CSV and JSON to be sent; to whom it goes is yours.",
        "cli/test_satre.py::test_the_assessment_is_written_in_satres_own_form",
    ),
    organisational(
        "1.2.06 M",
        "suppliers meet your requirements",
        "Write your security requirements into every contract with who runs machines, mail or "
        "identity for you.",
    ),
    organisational(
        "1.2.07 M",
        "watching suppliers",
        "Review at least once a year what each supplier has changed, and keep the review.",
    ),
    organisational(
        "1.2.08 M*",
        "keeping track of hardware",
        "List the machines and disks that hold the data home, and how each is wiped at its end.",
    ),
    partly(
        "1.2.09 M",
        "resolving incidents and deviations",
        "Refusals, locked accounts, revoked releases and broken separation are written down as "
        "they happen; a register in which each is followed to its end is yours.",
        "steps/test_releasing.py::test_a_revoked_release_is_not_downloaded_any_more_and_stays_on_the_record",
        "acts-on-ledger",
    ),
    organisational(
        "1.2.10 M",
        "learning from issues",
        "Hold a review after each incident: what led to it, what is changed, and by when.",
    ),
    partly(
        "1.2.11 R",
        "figures on quality",
        "Ages of requests, matches of linkages and risk of extracts are computed; judging them "
        "over time is yours.",
        "steps/test_reviewing.py::test_the_queue_shows_age_turn_verdict_and_who_has_answered",
        "desk/test_linkages.py::test_the_report_is_drawn_from_its_figures",
        "nothing-stuck",
        "answered-in-time",
    ),
    partly(
        "1.2.12 O",
        "a quality management system",
        "Accreditation, projects and releases are workflows of which no step can be left out; it "
        "is no system for your documents and audits.",
        "safe_projects/test_lifecycle.py::test_an_event_leads_where_the_table_says_or_cannot_happen",
        "safe_outputs/test_states.py::test_a_state_and_an_event_lead_where_the_table_says_or_nowhere",
    ),
    partly(
        "1.3.01 M",
        "measuring risk",
        "The risk of re-identification is measured for each extract and each output is judged; a "
        "score of impact and likelihood for the environment as a whole is yours.",
        "world/test_objections.py::test_the_risk_of_an_extract_is_shown_and_written",
    ),
    partly(
        "1.3.02 M",
        "assessing the processing of each project",
        "An application argues for every variable and for the years, and is decided by owners and "
        "a panel; the impact assessment itself is a document of yours.",
        "safe_projects/test_application.py::test_every_variable_and_the_years_are_argued_for",
        "projects-decided",
    ),
    partly(
        "1.3.03 M",
        "recording what is done about risks",
        "Conditions of owners and panel stay beside the project and its requests; a register of "
        "risks and treatments is yours.",
        "desk/test_projects.py::test_a_checker_sees_the_conditions_beside_a_request",
    ),
    organisational(
        "1.3.04 M",
        "who owns risks",
        "Name who owns each kind of risk and to whom it goes when they cannot accept it.",
    ),
    partly(
        "1.3.05 M",
        "how much risk is acceptable",
        "For outputs it is a policy of numbers with a source beside each; for everything else "
        "your management must say it.",
        "output_checks/test_policy.py::test_the_named_policies_ship_with_a_source_beside_each_number",
    ),
    partly(
        "1.4.01 M",
        "law, money and ethics of a project",
        "No session without legal gateway, ethics reference, decisions and dates that hold today; "
        "whether there is money is asked nowhere here.",
        "safe_projects/test_application.py::test_a_gateway_is_of_the_list_and_has_its_support",
        "steps/test_projects_applied_for.py::test_the_gate_is_closed_until_the_panel_has_accredited",
        "projects-decided",
    ),
    shown(
        "1.4.02 M",
        "what is limited in time",
        "Everything that runs out is told 60, 30 and 7 days before, refuses from the day after, "
        "and stops sessions that are open.",
        "safe_people/test_expiry.py::test_a_reminder_is_due_sixty_thirty_and_seven_days_before_or_on_the_next_day",
        "steps/test_sessions_asked_again.py::test_a_day_that_passes_is_enough",
        "projects-in-date",
        "sessions-in-order",
    ),
    organisational(
        "1.4.03 M",
        "projects when the law changes",
        "When a rule changes, list the projects it touches (`tre project list`) and suspend those "
        "that do not meet it until they do.",
    ),
    shown(
        "1.4.04 M",
        "the end of a project",
        "Its sessions and requests end, its workspace is archived read-only, its extracts and key "
        "are destroyed with proof, and what was released stays listed.",
        "steps/test_projects_ended.py::test_the_end_archives_the_workspace_and_destroys_the_extracts_with_proof",
        "steps/test_projects_ended.py::test_nothing_is_archived_while_a_session_may_still_write",
        "ended-projects-gone",
    ),
    shown(
        "1.4.05 O",
        "a portal for studies",
        "Applications, decisions, changes and ends are made at the desk or by its API, and each "
        "is told to those whose turn it is.",
        "desk/test_projects.py::test_a_project_goes_from_the_form_to_its_accreditation_by_pages_alone",
        "desk/test_projects_api.py::test_a_project_is_accredited_by_json_alone",
    ),
    shown(
        "1.4.06 R",
        "a register of studies",
        "Projects that were accredited, now or in the past, are public with data, controllers and "
        "what each released.",
        "register-says-all",
        "steps/test_projects_ended.py::test_the_register_has_projects_that_were_accredited_and_what_they_released",
        "steps/test_projects_ended.py::test_ended_and_suspended_projects_stay_in_the_register",
        "desk/test_projects.py::test_the_register_is_read_without_signing_in_and_nothing_else_is",
    ),
    partly(
        "1.4.07 M*",
        "public benefit",
        "It must be said and is judged by a lay group and a panel with an independent member; the "
        "judgement is theirs.",
        "safe_projects/test_owners_and_panel.py::test_one_seat_is_kept_for_an_independent_member",
        "judges-apart",
        "projects-decided",
    ),
)
