"""Computing: what users work with, infrastructure, capacity, configuration (SATRE 2.1 to 2.4)."""

from tre.satre.statement import organisational, partly, shown

STATEMENTS = (
    partly(
        "2.1.01 M",
        "copying out by the clipboard",
        "What is on a screen can be copied from an ordinary browser; it is counted and limited. "
        "Only a locked desktop without a clipboard, which you must provide, prevents it.",
        "hub/test_server_messages.py::test_a_session_that_has_shown_its_share_is_cut_off_and_stays_so",
    ),
    shown(
        "2.1.02 R",
        "a familiar place to work",
        "JupyterLab with Python, and R where it is installed.",
        "hub/test_served_hub.py::test_a_session_opens_the_starter_notebook",
        "hub/test_r_kernel.py::test_r_computes_in_the_workspace_and_reads_the_extract",
    ),
    partly(
        "2.1.03 O",
        "code in, checked results out",
        "Code is brought in and checked, and outputs are made again by the service; researchers "
        "see rows all the same, so that this is not query-only access.",
        "steps/test_ingress.py::test_what_is_brought_is_nowhere_in_the_session_until_it_is_accepted",
        "safe_outputs/test_recomputation.py::test_a_declared_table_that_agrees_is_recomputed",
    ),
    shown(
        "2.1.04 R",
        "a common program for access",
        "A browser is all that is needed.",
        "hub/test_served_hub.py::test_the_sign_in_page_asks_for_three_things_and_runs_nothing_foreign",
    ),
    shown(
        "2.1.05 M",
        "guidance for users",
        "How-tos for researchers, checkers and trainers, and help in the session; every command "
        "and address in them is tested to exist.",
        "house/test_documentation.py::test_every_make_target_that_a_page_names_exists",
        "session/test_session.py::test_about_says_whose_session_this_is_and_what_is_in_it",
    ),
    partly(
        "2.1.06 R",
        "updates of users' software",
        "Packages are pinned with hashes and replaced together; nothing updates by itself: "
        "install a new version when there is one.",
        "house/test_dependencies.py::test_every_locked_package_has_hashes",
        "hub/test_server_settings.py::test_no_version_is_older_than_what_was_fixed",
    ),
    shown(
        "2.1.07 O",
        "sharing within a project",
        "A project has one workspace for all its members.",
        "steps/test_workspaces.py::test_a_workspace_is_listed_and_a_file_of_it_frozen",
    ),
    shown(
        "2.1.08 M",
        "no sharing between projects",
        "A session sees one project's folders; those of others are not there.",
        "hub/test_sealed_kernel.py::test_two_projects_are_apart",
        "hub/test_sealed_kernel.py::test_it_sees_no_other_project_and_nothing_of_the_hub",
        "machine-sealed",
    ),
    shown(
        "2.1.09 M",
        "software that reports home",
        "A kernel has no network, and pages may call no address but their own server's.",
        "hub/test_sealed_kernel.py::test_it_reaches_no_network",
        "hub/test_served_hub.py::test_an_output_may_talk_to_its_own_server_alone",
        "machine-sealed",
    ),
    partly(
        "2.1.10 M",
        "the software that is needed",
        "Python's libraries for analysis are there and others are added by the manager; ask your "
        "researchers which.",
        "hub/test_wheels.py::test_a_wheel_of_the_folder_is_installed_and_imported",
        "packages-as-added",
    ),
    shown(
        "2.1.11 R",
        "tools for reproducible work",
        "Outputs carry declarations from which the service makes them again, with the code beside "
        "them.",
        "session/test_session.py::test_a_table_goes_with_its_declaration_and_the_notebook",
        "safe_outputs/test_recomputation.py::test_a_changed_value_is_found_with_both_values_and_its_cell",
    ),
    partly(
        "2.1.12 O",
        "packages of public repositories",
        "Wheels that a manager has added are installed by pip; there is no mirror of a whole "
        "repository.",
        "hub/test_wheels.py::test_pip_does_the_rest_as_always",
        "hub/test_wheels.py::test_an_index_in_the_network_is_not_reached",
    ),
    shown(
        "2.1.13 O",
        "which packages may be used",
        "Only what a manager added is offered, by hash, and what was changed since is refused.",
        "hub/test_wheels.py::test_a_wheel_that_nobody_added_is_not_offered",
        "hub/test_wheels.py::test_a_wheel_that_was_changed_since_is_refused",
        "packages-as-added",
    ),
    shown(
        "2.1.14 M",
        "apart on all computers",
        "Each session is a sandbox and a control group of its own, also of one person on two "
        "projects.",
        "hub/test_watch_served.py::test_two_sessions_of_one_person_share_nothing",
        "hub/test_sealed_kernel.py::test_two_projects_are_apart",
        "machine-sealed",
    ),
    organisational(
        "2.1.15 R",
        "more computing power",
        "One machine is served here; a cluster needs a spawner, and a seal, of its own.",
    ),
    organisational(
        "2.1.16 R",
        "accelerators",
        "No graphics processor is passed into a session; a machine that has some needs a decision "
        "on how they are shared and wiped.",
    ),
    partly(
        "2.1.17 O",
        "data in a database",
        "Extracts are Parquet files, opened lazily; DuckDB reads them in a session, but no "
        "database server is offered.",
        "session/test_session.py::test_an_extract_is_opened_lazily",
    ),
    partly(
        "2.1.18 O",
        "tools for large data",
        "polars streams data larger than memory, and linkages may run on Spark; sessions have no "
        "cluster.",
        "safe_data/test_matching_spark.py::test_spark_and_duckdb_agree",
    ),
    shown(
        "2.2.01 M",
        "how it is deployed",
        "One command, written down; the commands of the documentation are tested to exist.",
        "house/test_documentation.py::test_every_make_target_that_a_page_names_exists",
        "house/test_install.py::test_a_supported_python_is_taken",
    ),
    shown(
        "2.2.02 R",
        "automated deployment",
        "`make up` installs from a lock file with hashes, builds and serves; a build that was "
        "stopped goes on.",
        "house/test_dependencies.py::test_the_lock_satisfies_pyproject",
        "world/test_building.py::test_a_build_that_was_stopped_goes_on_where_it_was",
    ),
    organisational(
        "2.2.03 M",
        "how changes are made",
        "Write down who asks for a change of the machine, who agrees, and how it is taken back.",
    ),
    partly(
        "2.2.04 M",
        "testing before use",
        "Tests come with the software and `tre attack` tries a running one; to run them on your "
        "machine before each change is yours.",
        "attack/test_attacks.py::test_an_attack_comes_to_what_the_table_says",
        "attacks-held",
    ),
    partly(
        "2.2.05 R",
        "a copy to try changes on",
        "Another data home on another port is another environment with the same code; that it "
        "mirrors yours is up to you.",
        "cli/test_world_settings.py::test_another_size_gets_a_home_beside_and_says_so",
    ),
    partly(
        "2.2.06 M",
        "taking it away again",
        "Stopping leaves no process, group or mount behind; wiping disks is yours.",
        "hub/test_up.py::test_stopping_leaves_nothing_of_it_and_touches_nothing_else",
        "hub/test_nothing_left.py::test_when_everything_is_stopped_the_groups_of_all_sessions_go",
    ),
    organisational(
        "2.2.07 R",
        "what providers promise",
        "Keep the availability that the owner of your machines, mail and identities promises.",
    ),
    organisational(
        "2.2.08 R",
        "what you promise",
        "Tell your users on which days and hours the environment is there, and who answers.",
    ),
    partly(
        "2.2.09 M",
        "control of the network",
        "Services listen on this machine alone, and sessions have no network; routers and "
        "firewalls are yours.",
        "hub/test_configuration.py::test_everything_listens_on_this_machine_alone",
        "hub/test_sealed_kernel.py::test_it_reaches_no_network",
    ),
    shown(
        "2.2.10 M",
        "no way between projects",
        "Each session has a network namespace of its own with nothing in it, and sockets of few "
        "families.",
        "hub/test_sealed_calls.py::test_no_other_family_of_sockets_is_had",
        "hub/test_watch_served.py::test_two_sessions_of_one_person_share_nothing",
        "machine-sealed",
    ),
    shown(
        "2.2.11 M",
        "no way to the internet",
        "Refused for kernels by the kernel of the machine, and for pages by policy; both are "
        "attacked.",
        "hub/test_sealed_kernel.py::test_it_reaches_no_network",
        "attack/test_attacks.py::test_an_attack_comes_to_what_the_table_says",
        "attack/test_in_chromium.py::test_output_reaches_no_other_site_the_hub_or_the_desk",
        "machine-sealed",
        "attacks-held",
    ),
    shown(
        "2.2.12 R",
        "finding wrong configuration",
        "`tre doctor` examines the machine and `tre satre` the environment; nothing starts "
        "unsealed.",
        "hub/test_preflight.py::test_without_a_seal_nothing_is_served",
        "hub/test_doctor.py::test_every_check_says_what_to_do_or_that_nothing_is",
        "settings-guarded",
        "secrets-private",
    ),
    shown(
        "2.2.13 M",
        "recording use",
        "Every sign-in, session, look and download is a line of the ledger, and what a session "
        "showed is counted in bytes.",
        "steps/test_ledger_of_every_action.py::test_what_is_done_leaves_a_line",
        "steps/test_session_record.py::test_the_ledger_says_what_was_shown_taken_and_refused",
        "acts-on-ledger",
    ),
    shown(
        "2.2.14 R",
        "who used which data when",
        "A session's line names person, project and day, and the extract's line its variables; "
        "what was read within a session is not recorded row by row.",
        "steps/test_people_and_projects.py::test_the_gate_opens_for_whom_everything_holds",
        "acts-on-ledger",
        "ledger-whole",
    ),
    partly(
        "2.2.15 R",
        "use of processors and memory",
        "Sessions are limited by control groups; what they use over time is not recorded.",
        "hub/test_session_limits.py::test_processor_time_is_shared_out",
    ),
    organisational(
        "2.3.01 M",
        "what a project can use and what it costs",
        "Say both before a project starts; the limits of a session are in docs/reference.",
    ),
    organisational(
        "2.3.02 R",
        "whether it is enough",
        "Ask each project how large its data and models are, and compare with the machine.",
    ),
    partly(
        "2.3.03 M",
        "sharing resources out",
        "Each session has memory, processors, processes and disk of its own and no more; how many "
        "sessions a machine takes is yours to decide.",
        "hub/test_session_limits.py::test_processes_of_one_session_share_its_memory",
        "hub/test_session_limits.py::test_a_fork_bomb_ends_with_its_session_and_harms_nobody_else",
    ),
    organisational(
        "2.3.04 M",
        "not spending too much",
        "Compare what projects will need with the budget before they are accepted.",
    ),
    shown(
        "2.4.01 M",
        "how it is configured",
        "Every setting with its meaning and default is on a page that is written from the code.",
        "house/test_documentation.py::test_no_generated_page_is_stale",
        "shared/test_config.py::test_a_setting_that_is_not_understood_is_refused",
    ),
    shown(
        "2.4.02 R",
        "configuration by tools",
        "One file of settings serves hub, desk and courier alike.",
        "hub/test_configuration.py::test_desk_and_courier_are_services_with_the_same_settings",
    ),
    shown(
        "2.4.03 R",
        "is the configuration valid",
        "A setting that does not exist or has the wrong kind of value stops everything.",
        "settings-valid",
        "shared/test_config.py::test_a_setting_that_is_not_understood_is_refused",
        "hub/test_server_settings.py::test_no_configuration_but_its_own_is_read",
    ),
    partly(
        "2.4.04 R",
        "verifying it regularly",
        "The seal is proved before sessions, every hour; a regular `tre satre --run` by a timer "
        "is yours to set.",
        "hub/test_proven_seal.py::test_a_proof_is_good_for_an_hour",
        "settings-guarded",
    ),
    partly(
        "2.4.05 M",
        "replacing what does not comply",
        "An environment is made anew from the lock file; moving a data home to it is a copy that "
        "you must try.",
        "house/test_install.py::test_an_environment_of_another_python_or_folder_is_made_anew",
    ),
)
