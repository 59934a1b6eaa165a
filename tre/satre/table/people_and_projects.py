"""Information governance: accreditation, training, public involvement (SATRE 1.5 to 1.7)."""

from tre.satre.statement import organisational, partly, shown

STATEMENTS = (
    partly(
        "1.5.01 M",
        "knowing who people are",
        "An account is opened by a manager, never by oneself, and an application names its "
        "evidence; looking at a passport is done by you.",
        "steps/test_people_accounts.py::test_somebody_new_comes_in_with_a_temporary_password_and_makes_the_account_their_own",
        "steps/test_people_accreditation.py::test_an_application_with_gaps_is_kept_but_not_handed_in",
        "one-account-each",
    ),
    partly(
        "1.5.02 M",
        "joining, for each role",
        "Researchers apply, are trained, sign, and read on one page what is missing; for other "
        "roles write your own way in.",
        "steps/test_people_accreditation.py::test_my_page_says_what_i_may_do_what_stops_me_and_what_runs_out",
        "safe_people/test_expiry.py::test_the_newest_declaration_is_to_be_signed_and_the_old_one_runs_out",
    ),
    shown(
        "1.5.03 M",
        "access by role and identity",
        "Nine roles and membership decide; every action for every role is tested, and a missing "
        "fact refuses.",
        "five_safes/test_actions.py::test_a_role_may_do_what_it_is_for_and_nothing_else",
        "five_safes/test_actions.py::test_a_missing_fact_refuses_even_somebody_with_every_role",
        "roles-apart",
    ),
    shown(
        "1.5.04 M",
        "no data without their controller",
        "A controller decides about its own dataset before the panel, and an extract holds what "
        "was granted and nothing else.",
        "safe_projects/test_owners_and_panel.py::test_an_owner_decides_on_their_own_data_alone",
        "safe_projects/test_changes.py::test_nothing_is_granted_without_the_owner_s_word",
        "extracts-minimal",
        "projects-decided",
    ),
    shown(
        "1.5.05 M",
        "signing in safely",
        "One door for all: argon2 passwords, one-time codes, locks that grow, or your OpenID "
        "Connect provider with its second factor.",
        "steps/test_signing_in.py::test_whatever_is_wrong_is_refused_in_the_same_words",
        "steps/test_signing_in.py::test_a_code_works_once",
        "desk/test_gate.py::test_no_route_answers_somebody_who_is_not_signed_in",
        "passwords-hashed",
    ),
    shown(
        "1.5.06 M",
        "one name for each user",
        "A sign-in name is one person's, and every line of the ledger carries it; only another "
        "manager changes the record.",
        "steps/test_people_accreditation.py::test_a_manager_does_not_record_themselves_anew",
        "steps/test_signing_in.py::test_names_that_will_not_do_are_refused",
        "one-account-each",
    ),
    partly(
        "1.6.01 M",
        "which training for which role",
        "For researchers it is Safe Researcher Training, asked each time; for the other roles you "
        "must decide.",
        "safe_people/test_accreditation.py::test_training_counts_from_the_day_it_was_passed_until_it_runs_out",
    ),
    partly(
        "1.6.02 M",
        "training that can be had",
        "Lessons and a practice project on synthetic data come along; accredited courses are "
        "others'.",
        "world/test_lesson.py::test_the_lesson_runs_from_the_data_to_a_request",
        "steps/test_asking.py::test_in_a_practice_project_a_trainee_asks_without_accreditation",
    ),
    shown(
        "1.6.03 M",
        "training again",
        "Training counts for five years, is reminded of, and whoever lets it run out is out.",
        "steps/test_people_accreditation.py::test_training_counts_for_five_years_from_the_day_it_was_passed",
        "five_safes/test_decide.py::test_one_broken_fact_refuses_for_one_reason",
        "sessions-in-order",
        "mail-goes-out",
    ),
    shown(
        "1.6.04 M",
        "training records tied to access",
        "The day of a training is part of a person's record, and no session starts or stays "
        "without it.",
        "steps/test_sessions_asked_again.py::test_what_would_refuse_a_start_refuses_that_a_session_goes_on",
        "sessions-in-order",
    ),
    partly(
        "1.6.05 R",
        "certificates of others",
        "The certificate's number is handed in with an application and judged by a manager; "
        "whether it is genuine you must ask who gave it.",
        "steps/test_people_accreditation.py::test_full_accreditation_is_applied_for_and_granted_for_five_years",
    ),
    partly(
        "1.6.06 O",
        "a platform for training",
        "Notebooks run in the sealed session and outputs go through the review; no video, no quiz.",
        "world/test_lesson.py::test_the_lesson_runs_in_the_sealed_kernel",
    ),
    organisational(
        "1.6.07 O",
        "a system that manages courses",
        "Use the one that you have, and record its certificates here (`tre person training`).",
    ),
    partly(
        "1.6.08 O",
        "courses in common formats",
        "Lessons are notebooks without outputs, readable anywhere; not the formats of learning "
        "management systems.",
        "notebooks/test_notebooks.py::test_a_lesson_is_a_valid_notebook",
    ),
    organisational(
        "1.6.09 O",
        "old versions of courses",
        "Keep each version of a course with the dates in which it was taught.",
    ),
    organisational(
        "1.7.01 M*",
        "the public in all its variety",
        "Choose, pay and hear members of the public of different backgrounds, and say how.",
    ),
    partly(
        "1.7.02 M*",
        "what is public about the environment",
        "The register of projects, their data and results is public; how the environment is run "
        "is yours to write.",
        "desk/test_projects.py::test_the_register_is_read_without_signing_in_and_nothing_else_is",
        "steps/test_projects_ended.py::test_the_register_names_nobody",
    ),
    partly(
        "1.7.03 M*",
        "the public has a say",
        "A lay group advises on every application and its concerns must be answered; a say in how "
        "the environment is run is yours to give.",
        "steps/test_projects_applied_for.py::test_concerns_of_the_lay_group_do_not_stop_a_project_but_must_be_answered",
    ),
    organisational(
        "1.7.04 R",
        "telling of incidents",
        "Publish what happened, who was affected and what was changed; the ledger has the facts.",
    ),
)
