"""Data management: life cycle, identity and access, outputs, discovery (SATRE 3)."""

from tre.satre.statement import organisational, partly, shown

STATEMENTS = (
    partly(
        "3.1.01 M",
        "law through the data's whole life",
        "Every transfer names its legal basis, every project its gateway; the assessment itself "
        "is yours.",
        "steps/test_books.py::test_transfers_are_kept_with_their_columns_rows_and_legal_basis",
        "transfers-lawful",
        "projects-decided",
    ),
    shown(
        "3.1.02 R",
        "a record of decisions about data",
        "Owners', panel's and lay group's words, each with reasons, stay with the project and on "
        "the ledger.",
        "steps/test_projects_applied_for.py::test_an_owner_may_grant_fewer_variables_under_conditions_but_no_other",
        "steps/test_projects_changed.py::test_every_step_of_a_change_is_on_the_ledger",
        "judges-apart",
        "ledger-whole",
    ),
    partly(
        "3.1.03 M",
        "classifying datasets",
        "Each granted dataset carries place, passport and policy, and the strictest counts; the "
        "method by which an owner classifies is yours.",
        "safe_projects/test_projects.py::test_the_most_restrictive_dataset_says_the_place",
        "output_checks/test_policy.py::test_the_strictest_is_taken_field_by_field",
    ),
    shown(
        "3.1.04 M",
        "how data come in",
        "Registers come by linkage with separated identifiers, code by a checker; both are "
        "recorded, and data are refused on every other way.",
        "safe_data/test_separation_of_all.py::test_separation_is_kept_by_every_linkage",
        "steps/test_ingress.py::test_only_a_checker_decides",
        "hub/test_server_writes.py::test_the_rest_is_refused_in_words_and_recorded",
        "code-let-in-apart",
        "separation-kept",
    ),
    shown(
        "3.1.05 M",
        "how data go out",
        "Nothing leaves but frozen files that were reviewed, by a table of states of which no "
        "step can be left out.",
        "safe_outputs/test_states.py::test_a_state_and_an_event_lead_where_the_table_says_or_nowhere",
        "steps/test_releasing.py::test_nothing_is_released_that_is_not_approved",
        "approved-by-two",
        "frozen-whole",
    ),
    partly(
        "3.1.06 M",
        "egress by the owner's delegates alone",
        "Only checkers apart from a project approve, and the system releases; that owners have "
        "delegated this to them, you must agree with the owners.",
        "five_safes/test_decide.py::test_nobody_presses_release",
        "five_safes/test_decide.py::test_a_checker_stands_apart_from_what_they_check",
        "approved-by-two",
    ),
    shown(
        "3.1.07 O",
        "approval from outside the project",
        "Always: two people who are neither author, nor member, nor linked by supervision.",
        "five_safes/test_decide.py::test_two_people_apart_from_the_project_approve_every_output",
        "approved-by-two",
    ),
    shown(
        "3.1.08 M",
        "a record of what is held",
        "Catalogue, transfers and manifests say what there is, whence, and the hash of each file.",
        "safe_data/test_extract.py::test_the_manifest_gives_the_hash_of_every_file",
        "safe_data/test_extract.py::test_everything_that_can_be_granted_is_as_the_catalogue_says",
        "extracts-whole",
        "transfers-lawful",
    ),
    partly(
        "3.1.09 M",
        "a policy on deletion",
        "Extracts go with their project or when somebody in them objects; how long ledger, "
        "archive and releases are kept is yours to say.",
        "world/test_objections.py::test_the_earlier_version_must_go_and_its_end_is_on_the_ledger",
        "ended-projects-gone",
    ),
    shown(
        "3.1.10 R",
        "proof of deletion",
        "The ledger keeps the hash of every file as it was made and as it was destroyed.",
        "safe_data/test_extract_of_linkages.py::test_versions_with_people_who_left_must_go_and_are_destroyed_with_proof",
        "world/test_separation_steps.py::test_an_extract_that_was_destroyed_is_listed_with_its_proof",
        "ledger-whole",
    ),
    partly(
        "3.1.11 R",
        "how data are changed",
        "Extracts are read-only, and each column says what was done to it before; what a "
        "researcher derives is in their code.",
        "safe_data/test_extract_of_linkages.py::test_the_dictionary_says_of_every_column_what_it_is",
        "hub/test_sealed_kernel.py::test_it_reads_its_extract_and_cannot_change_it",
        "extracts-read-only",
    ),
    partly(
        "3.1.12 M",
        "preventing other ways in and out",
        "The kernel's ways are closed and attacked; a browser shows what it shows, counted and "
        "limited, so that a locked desktop in a room is needed beside it.",
        "attack/test_attacks.py::test_an_attack_comes_to_what_the_table_says",
        "hub/test_server_files.py::test_every_way_to_a_whole_file_is_closed",
        "machine-sealed",
        "attacks-held",
    ),
    shown(
        "3.1.13 R",
        "the least data that will do",
        "An extract has the variables and years that were granted, and nobody outside the study.",
        "safe_data/test_extract.py::test_only_granted_variables_and_the_pseudonym_are_in_it",
        "safe_data/test_extract_years.py::test_a_table_has_the_years_of_its_dataset",
        "extracts-minimal",
        "nobody-who-objects",
    ),
    shown(
        "3.1.14 R",
        "archives that cannot be written",
        "A workspace is archived once, by the hash of its bytes, without rights to write.",
        "steps/test_projects_ended.py::test_the_end_archives_the_workspace_and_destroys_the_extracts_with_proof",
        "ended-projects-gone",
    ),
    shown(
        "3.1.15 R",
        "archives in simple formats",
        "tar, JSON, CSV, Parquet and RO-Crate.",
        "steps/test_projects_ended.py::test_the_same_files_give_the_same_archive",
        "safe_outputs/test_bundle.py::test_the_crate_opens_with_rocrate_and_names_the_disclosure_check",
    ),
    organisational(
        "3.1.16 R",
        "plans for machine-learning models",
        "Ask for a plan for trained models in the application; models themselves cannot be "
        "released here.",
    ),
    partly(
        "3.1.17 M",
        "which kinds of data are supported",
        "Only what is in the catalogue can be asked for; which kinds you take is yours to say.",
        "steps/test_projects_applied_for.py::test_only_what_the_catalogue_has_can_be_asked_for",
    ),
    partly(
        "3.1.18 O",
        "controls that differ by project",
        "Place, passport and policy follow from a project's datasets; the seal is the same for "
        "all.",
        "five_safes/test_decide.py::test_a_dataset_that_is_added_changes_the_place",
    ),
    partly(
        "3.1.19 O",
        "tiers of controls",
        "The ONS's three places and named policies of outputs; not tiers of the whole environment.",
        "safe_projects/test_projects.py::test_a_more_restrictive_place_serves_too",
        "output_checks/test_policy.py::test_the_named_policies_ship_with_a_source_beside_each_number",
    ),
    organisational(
        "3.1.20 R",
        "disclosure by metadata",
        "Read labels and descriptions of a dataset before it goes into the catalogue.",
    ),
    partly(
        "3.2.01 M",
        "no shared accounts",
        "Second factors, addresses and names that two accounts share are found; that nobody gives "
        "a phone and a password away, you must ask of people.",
        "five_safes/test_actions.py::test_not_even_a_manager_decides_about_themselves",
        "one-account-each",
        "own-passwords",
    ),
    partly(
        "3.2.02 M",
        "being sure of who somebody is",
        "Only a manager opens an account and gives it back, after having seen the person; how "
        "they look is yours.",
        "desk/test_people_pages.py::test_an_account_is_given_back_only_to_who_was_seen_and_their_sessions_end",
        "steps/test_people_accounts.py::test_nobody_gives_their_own_account_back_and_only_managers_others",
    ),
    shown(
        "3.2.03 M",
        "only the data that are needed",
        "A session shows one project's extract, read-only, and nothing else of the data home.",
        "safe_settings/test_sealed_sandbox.py::test_a_kernel_sees_its_open_folders_under_their_fixed_names",
        "hub/test_sealed_kernel.py::test_it_sees_no_other_project_and_nothing_of_the_hub",
        "extracts-minimal",
        "sessions-in-order",
    ),
    shown(
        "3.2.04 M",
        "a second factor for everybody",
        "A new account has 24 hours for it, and after that the door is closed; at a provider it "
        "must be said in the claims.",
        "steps/test_people_accounts.py::test_without_a_second_factor_the_door_closes_after_a_day",
        "hub/test_people_provider.py::test_without_a_second_factor_at_the_provider_nobody_comes_in",
        "second-factors",
    ),
    shown(
        "3.2.05 O",
        "single sign-on",
        "OpenID Connect by a setting, for people whom a manager has linked.",
        "hub/test_people_provider.py::test_somebody_who_is_linked_comes_in_with_the_providers_second_factor",
        "hub/test_people_provider.py::test_whom_nobody_linked_is_refused_in_words_and_no_account_is_made",
    ),
    partly(
        "3.2.06 O",
        "certain networks and places alone",
        "A project is refused where the machine's place is less strict than its data ask; the "
        "place is a setting, and the network is yours.",
        "safe_projects/test_projects.py::test_a_refused_place_is_named_in_good_english",
    ),
    shown(
        "3.3.01 R",
        "classifying outputs",
        "Tables, statistics, models, pictures and notebooks are told apart by what is in them, "
        "and each has its rules.",
        "output_checks/test_rules_of_statistics.py::test_every_kind_has_its_rules",
        "output_checks/test_files.py::test_a_file_that_is_not_what_its_name_says_fails",
    ),
    shown(
        "3.3.02 R",
        "no more outputs than needed",
        "A request holds so many files, rows and bytes; every group says what it is and what was "
        "done about disclosure.",
        "steps/test_request_limits.py::test_another_size_of_all_files",
        "safe_outputs/test_completeness.py::test_every_group_in_use_says_context_and_controls",
    ),
    organisational(
        "3.3.03 R",
        "outputs planned from the outset",
        "Ask in the application which tables and figures are to come, and compare when they do.",
    ),
    shown(
        "3.3.04 M",
        "a written process of disclosure control",
        "The states, the rules and the policies are pages that are written from the code.",
        "house/test_documentation.py::test_no_generated_page_is_stale",
        "output_checks/test_rules_page.py::test_a_rule_says_what_it_finds_where_it_comes_from_and_what_helps",
    ),
    shown(
        "3.3.05 M",
        "who checks",
        "Two checkers, blind to each other until both have answered; authors, members and "
        "supervisors never.",
        "steps/test_reviewing.py::test_checkers_are_blind_until_both_have_answered",
        "steps/test_reviewing.py::test_nobody_but_checkers_judges_and_the_ledger_has_it",
        "approved-by-two",
        "answered-in-time",
    ),
    shown(
        "3.3.06 R",
        "a statistical basis",
        "Thresholds, dominance, class disclosure, differencing and intervals that an attacker can "
        "work out, each with its source.",
        "output_checks/test_rules.py::test_a_count_below_the_threshold_is_found_and_one_at_it_is_not",
        "output_checks/test_rules.py::test_a_withheld_cell_that_the_rest_gives_away_is_found",
        "safe_outputs/test_together.py::test_a_table_is_held_against_what_was_released_before",
    ),
    shown(
        "3.3.07 M",
        "outputs that nobody can check",
        "What no person can read is no output and is never released.",
        "releases-readable",
        "steps/test_file_types.py::test_a_type_that_nobody_can_read_is_no_output",
        "steps/test_file_types.py::test_the_release_itself_looks_at_the_bytes_again",
    ),
    shown(
        "3.3.08 O",
        "semi-automated checks",
        "A verdict is computed from the project's own data and orders the queue; people decide.",
        "outputs-checked",
        "safe_outputs/test_recomputation.py::test_a_disclosive_table_fails_with_its_cells_however_honestly_declared",
        "steps/test_file_types.py::test_a_bad_verdict_on_an_honest_file_does_not_decide",
    ),
    shown(
        "3.3.09 O",
        "a record for machines with each release",
        "Each bundle carries policies with their hashes, checks, treatments, decisions by role "
        "and tools, and is signed.",
        "safe_outputs/test_bundle.py::test_a_bundle_holds_the_outputs_the_record_the_crate_and_the_signature",
        "steps/test_releasing.py::test_the_record_has_the_approvals_of_the_bytes_that_leave_and_no_others",
        "records-complete",
        "bundles-whole",
    ),
    shown(
        "3.4.01 R",
        "a catalogue",
        "Every dataset and variable that can be asked for, on a page and by a command.",
        "grants-in-catalogue",
        "safe_data/test_add_a_linkage.py::test_it_is_in_the_catalogue",
        "cli/test_cli.py::test_a_listing_can_be_read_by_people_and_by_programs",
    ),
    shown(
        "3.4.02 R",
        "one model of metadata",
        "Catalogue, dictionary and manifest say of each column type, codes, source and treatment.",
        "safe_data/test_extract_of_linkages.py::test_the_dictionary_says_of_every_column_what_it_is",
        "safe_data/test_extract_of_linkages.py::test_rocrate_reads_the_crate",
    ),
    partly(
        "3.4.03 O",
        "asking the data from outside",
        "Members of a project get private counts within a budget; others ask nothing yet.",
        "world/test_world.py::test_a_private_count_is_charged_and_its_bytes_are_known",
        "world/test_world.py::test_a_private_count_beyond_the_budget_is_refused_and_costs_nothing",
    ),
    shown(
        "3.4.04 O",
        "synthetic data for researchers",
        "A practice project works on a synthetic twin, which is treated as a release since it "
        "promises no privacy.",
        "world/test_world.py::test_the_practice_project_gets_a_synthetic_twin",
        "world/test_world.py::test_a_real_project_gets_no_synthetic_data",
    ),
)
