"""Computing: information security, resilience, encryption (SATRE 2.5 to 2.9)."""

from tre.satre.statement import organisational, partly, shown

STATEMENTS = (
    organisational(
        "2.5.01 M",
        "what the law asks of a host of such data",
        "Find out what your data require (DSPT, Digital Economy Act, Cyber Essentials) and be "
        "assessed; this is a simulator with invented data.",
    ),
    partly(
        "2.5.02 O",
        "threats and what holds them",
        "Attacks are a table with who, what, and which part holds it; the threats to your "
        "buildings and people are yours to add.",
        "attack/test_command.py::test_every_family_attacker_and_holder_has_its_part",
    ),
    partly(
        "2.5.03 M",
        "security logs and their review",
        "The ledger keeps every refusal, lock and sanction, searchable and chained; somebody has "
        "to read it every week.",
        "steps/test_signing_in.py::test_the_ledger_has_every_attempt_but_never_what_was_typed_for_a_name",
        "store/test_ledger.py::test_what_was_changed_going_round_the_guards_is_named",
        "ledger-whole",
        "checkpoints-hold",
    ),
    organisational(
        "2.6.01 R",
        "backups of data and work",
        "Copy the data home while nothing runs, encrypted, elsewhere; no command here makes a "
        "backup.",
    ),
    organisational(
        "2.6.02 R",
        "redundancy",
        "One machine is one machine: use mirrored disks, and PostgreSQL with a standby.",
    ),
    organisational(
        "2.6.03 R",
        "backups of configuration",
        "Keep tre.toml, keys/ and the version of the software apart from the machine.",
    ),
    partly(
        "2.6.04 M",
        "acting fast in an incident",
        "A sanction or a suspension ends sessions within a minute, a release can be revoked; who "
        "decides that at night is yours.",
        "end_to_end/test_the_watch.py::test_a_sanction_from_another_process_ends_a_session_within_a_minute",
        "steps/test_projects_changed.py::test_a_suspended_project_stops_its_sessions_and_goes_on_when_resumed",
    ),
    partly(
        "2.6.05 R",
        "practising incidents",
        "`tre attack` plays the attacker on a running environment; play the rest of it with your "
        "people.",
        "attack/test_command.py::test_a_suite_is_on_the_ledger_with_its_counts",
        "attacks-held",
    ),
    organisational(
        "2.7.01 R",
        "scanning for vulnerabilities",
        "Scan machine and lock file (pip-audit, your distribution's tools); nothing here does.",
    ),
    partly(
        "2.7.02 M",
        "security updates",
        "Versions below those with known holes are refused by a test; taking updates in time is "
        "yours.",
        "hub/test_server_settings.py::test_no_version_is_older_than_what_was_fixed",
    ),
    organisational(
        "2.7.03 R",
        "patching by itself",
        "Switch on your distribution's unattended upgrades, with a day for restarts.",
    ),
    partly(
        "2.7.04 R",
        "penetration tests",
        "A suite of attacks with a control each can be run any time; people who think of others "
        "must be paid by you.",
        "attack/test_attacks.py::test_an_attack_comes_to_what_the_table_says",
        "attack/test_the_suite_can_fail.py::test_an_unsealed_kernel_is_open",
        "attacks-held",
    ),
    partly(
        "2.7.05 R",
        "learning from tests",
        "Each way out that was found is an attack and a test from then on; what your own tests "
        "find, you must bring back.",
        "attack/test_command.py::test_an_attack_says_what_it_tries_and_why_it_is_held_in_part",
    ),
    shown(
        "2.7.06 R",
        "publishing how it is tested",
        "All attacks, and what nothing holds, are on a public page; a run writes its own report.",
        "attack/test_command.py::test_the_page_is_complete_and_shows_what_was_seen_as_text",
        "house/test_documentation.py::test_no_generated_page_is_stale",
    ),
    organisational(
        "2.8.01 M",
        "encryption at rest",
        "Put the data home on an encrypted disk (LUKS); files are protected by rights alone here.",
    ),
    partly(
        "2.8.02 M",
        "encryption on the way in and out",
        "Services listen on this machine alone; put a proxy with TLS in front (`hub_url`, "
        "`desk_url`). Bundles are signed, and mail with a password goes over TLS.",
        "hub/test_configuration.py::test_everything_listens_on_this_machine_alone",
        "steps/test_people_mail.py::test_a_password_is_not_sent_without_tls",
    ),
    partly(
        "2.8.03 R",
        "encryption inside",
        "Everything is on one machine, on its loopback; a database elsewhere needs TLS in its "
        "address, from you.",
        "hub/test_configuration.py::test_everything_listens_on_this_machine_alone",
    ),
    shown(
        "2.8.04 R",
        "accepted algorithms",
        "Ed25519, SHA-256, HMAC, argon2id, RFC 6238, by known libraries and the standards' own "
        "examples.",
        "steps/test_signing_in.py::test_codes_are_those_of_the_standard",
        "keys-accepted",
        "passwords-hashed",
        "safe_outputs/test_bundle.py::test_a_bundle_signed_by_somebody_else_is_refused",
        "safe_data/test_extract.py::test_a_pseudonym_is_the_keyed_hash_of_purpose_and_value",
    ),
    partly(
        "2.8.05 R",
        "looking after keys",
        "Keys are made on first use, for this account alone, refused if others can read them; no "
        "hardware keeps them, and there is no rotation by command.",
        "store/test_store.py::test_a_key_that_others_can_read_or_that_is_damaged_is_refused",
        "store/test_checkpoints.py::test_a_new_key_is_seen_and_older_checkpoints_hold_all_the_same",
        "secrets-private",
    ),
    partly(
        "2.9.01 O",
        "rooms",
        "A project is used in the place that its strictest dataset asks for; the room itself is "
        "yours.",
        "five_safes/test_decide.py::test_a_dataset_that_is_added_changes_the_place",
    ),
)
