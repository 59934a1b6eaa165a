"""Supporting capabilities: continuity, knowledge, money, services, law (SATRE 4)."""

from tre.satre.statement import organisational, partly, shown

STATEMENTS = (
    organisational(
        "4.1.01 R",
        "a plan for the loss of the service",
        "Write down who is told, what stands still and for how long, when the machine is lost.",
    ),
    partly(
        "4.1.02 R",
        "trying the plan out",
        "Hub, proxy, services and servers are killed in tests and come back; restoring a copy of "
        "the data home is for you to practise, once a year.",
        "hub/test_faults.py::test_a_hub_that_is_killed_comes_back_and_finds_its_sessions",
        "end_to_end/test_the_watch.py::test_services_that_are_killed_lose_no_submission",
    ),
    shown(
        "4.2.01 R",
        "somebody who leads a project",
        "Every project has a lead, who alone hands in and changes it.",
        "steps/test_projects_applied_for.py::test_the_lead_alone_writes_hands_in_answers_and_withdraws",
        "projects-decided",
    ),
    partly(
        "4.2.02 R",
        "managers without access to data",
        "A TRE manager is never a researcher and starts no session; a lead is one here: keep a "
        "project's own manager off the list of members.",
        "safe_people/test_account_and_roles.py::test_every_pair_of_roles_that_cannot_be_is_named_with_its_reason",
        "roles-apart",
    ),
    shown(
        "4.3.01 M",
        "documentation",
        "Actions, rules, states, settings, commands and attacks are pages written from the code, "
        "and a test fails when one is stale.",
        "house/test_documentation.py::test_no_generated_page_is_stale",
        "house/test_documentation.py::test_every_command_that_a_page_names_exists_with_its_options",
    ),
    partly(
        "4.3.02 R",
        "teaching those who use and run it",
        "Each account of the demonstration says what to try, and lessons run on practice data; "
        "teaching needs teachers.",
        "world/test_demo.py::test_every_account_says_what_to_try_in_a_sentence_or_two",
        "notebooks/test_notebooks.py::test_every_cell_of_code_is_explained_before_it",
    ),
    organisational(
        "4.3.03 R",
        "what training is needed",
        "Ask checkers, linkers, managers and researchers once a year what they lack.",
    ),
    organisational(
        "4.4.01 M",
        "projects know what they pay",
        "Send each applicant the price and have it accepted in writing before the panel decides.",
    ),
    organisational(
        "4.4.02 R",
        "costs of each project",
        "Count hours of checking and linking by project; the ledger says who did what when.",
    ),
    organisational(
        "4.4.03 R",
        "money for the years to come",
        "Have the means for at least the next twelve months promised.",
    ),
    partly(
        "4.4.04 R",
        "low costs of infrastructure",
        "Idle sessions end and limits hold; compare prices of machines yourself.",
        "hub/test_watch.py::test_an_idle_session_ends_and_a_busy_one_stays",
    ),
    organisational(
        "4.5.01 M",
        "buying what is needed",
        "List machines, desktops and services that you need, and when each must be replaced.",
    ),
    organisational(
        "4.6.01 M",
        "people who run it and help",
        "Name operators and their hours, and where users ask for help.",
    ),
    organisational(
        "4.7.01 R",
        "hearing what users think",
        "Give users an address for wishes and complaints, and answer.",
    ),
    organisational(
        "4.8.01 R",
        "legal advice",
        "Know whom you ask about gateways, contracts and objections before you must.",
    ),
    organisational(
        "4.8.02 R",
        "advice on data protection",
        "Have your data protection officer read the applications and transfers.",
    ),
    organisational(
        "4.8.03 R",
        "who looks after contracts",
        "Name who signs and renews data sharing agreements and honorary contracts.",
    ),
)
