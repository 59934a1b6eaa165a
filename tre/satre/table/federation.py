"""Federation: several environments together (SATRE 5). One environment is simulated here."""

from tre.satre.statement import organisational, partly

STATEMENTS = (
    organisational(
        "5.1.01 M",
        "scope and government of the federation",
        "Agree which environments belong to it, and who decides.",
    ),
    organisational(
        "5.1.02 M",
        "roles of the federation",
        "Write down who answers for what, in the centre and in each environment.",
    ),
    partly(
        "5.1.03 M",
        "rules for members, and how each stands",
        "This assessment can be given to the others as JSON; the rules must be agreed.",
        "cli/test_satre.py::test_the_assessment_is_written_in_satres_own_form",
    ),
    organisational(
        "5.1.04 M",
        "sharing incidents",
        "Agree what is told to whom within how many hours; the ledger can be exported.",
    ),
    organisational(
        "5.1.05 M",
        "how rules are made and retired",
        "Agree how a common rule is proposed, decided and withdrawn.",
    ),
    organisational(
        "5.1.06 M",
        "joining and leaving",
        "Agree what happens to access, keys and data when an environment leaves.",
    ),
    organisational(
        "5.1.07 M",
        "one way to judge risk",
        "Agree one scale, or a table that translates between yours.",
    ),
    organisational(
        "5.1.08 R",
        "common words",
        "Use the UK TRE glossary; this software uses the Five Safes' and the ONS's words.",
    ),
    partly(
        "5.1.09 R",
        "one form for applications",
        "An application is a file that is written, sent and read again by `tre project`; that "
        "all members take it must be agreed.",
        "cli/test_projects.py::test_a_project_goes_from_a_file_to_its_accreditation",
    ),
    organisational(
        "5.1.10 M*",
        "the public of all areas",
        "Have members of the public from each area whose data are there.",
    ),
    organisational(
        "5.2.01 M",
        "what every user must know",
        "Agree on accreditation that all accept, such as the ONS's, and on its register.",
    ),
    partly(
        "5.3.01 M",
        "a register of all projects",
        "The register of this environment is public; joining several is not done here.",
        "steps/test_projects_ended.py::test_the_register_has_projects_that_were_accredited_and_what_they_released",
    ),
    organisational(
        "5.3.02 M",
        "law and ethics for common projects",
        "Agree on the gateways and opinions that all members accept.",
    ),
    organisational(
        "5.4.01 M",
        "encryption and keys in common",
        "Agree on algorithms and exchange fingerprints of keys; bundles here are Ed25519.",
    ),
    organisational(
        "5.4.02 M",
        "incidents in common",
        "Agree who leads when several environments are concerned, and practise it.",
    ),
    partly(
        "5.4.03 R",
        "identities in common",
        "People of an identity provider come in as whom a manager linked; attributes beyond the "
        "second factor are not read.",
        "hub/test_people_provider.py::test_a_subject_is_one_persons_and_only_managers_link",
    ),
    partly(
        "5.4.04 R",
        "security logs for the federation",
        "What a search of the ledger finds is exported as JSON lines; sending it on is yours.",
        "desk/test_ledger.py::test_what_was_found_is_taken_away_as_lines_of_json",
        "ledger-whole",
    ),
    organisational(
        "5.5.01 M",
        "configuration of common services",
        "Keep and share the configuration of what the federation runs together.",
    ),
    partly(
        "5.6.01 M",
        "one definition of a safe output",
        "Policies are files with a hash, and the strictest of several can be taken; which one "
        "counts must be agreed.",
        "output_checks/test_policy.py::test_the_strictest_policy_finds_at_least_what_each_does",
    ),
    partly(
        "5.6.02 R",
        "catalogues of all members",
        "The catalogue here is written as JSON; one search over several is not done here.",
        "cli/test_cli.py::test_a_listing_can_be_read_by_people_and_by_programs",
    ),
    organisational(
        "5.7.01 R",
        "prices in common",
        "Agree on prices that do not set members against each other.",
    ),
)
