"""What is planted in school records: outcome, scale, when, source, and the size of each cause."""

_CRIS_NPD = "direction: CRIS-NPD studies of attainment and absence (Downs; Wickersham)"
_ONSET = "from the school year before the first referral"

ON_SCHOOLING: tuple[tuple[str, str, str, str, dict[str, float]], ...] = (
    (
        "ks4_attainment8",
        "points",
        "always",
        "direction: DfE, Key stage 4 performance, gaps by pupil characteristic",
        {
            "female": 5.0,
            "free school meals": -9.0,
            "special educational needs": -11.0,
            "one decile less deprived": 0.8,
            "assessed by teachers, 2020 and 2021": 3.5,
        },
    ),
    (
        "ks4_attainment8",
        "points",
        "always: what comes before a first referral after the examination is in it",
        _CRIS_NPD,
        {
            "psychosis": -12.0,
            "mood": -5.0,
            "neurotic": -3.0,
            "neurodevelopmental": -6.0,
            "other disorder": -5.0,
        },
    ),
    (
        "ks2_score",
        "points",
        "always",
        "direction: DfE, Key stage 2 attainment; CRIS-NPD studies for disorders",
        {
            "female": 0.4,
            "free school meals": -2.8,
            "special educational needs": -6.0,
            "one decile less deprived": 0.25,
            "psychosis": -1.5,
            "mood": -0.5,
            "neurotic": -0.5,
            "neurodevelopmental": -2.0,
            "other disorder": -1.0,
        },
    ),
    (
        "ks1_points",
        "points",
        "always: of 3 to 21; a scaled score, from 2015/16 on, moves by two for each",
        "direction: DfE, Phonics screening check and key stage 1 assessments, gaps by pupil "
        "characteristic; CRIS-NPD studies for disorders",
        {
            "female": 0.7,
            "free school meals": -1.4,
            "special educational needs": -3.0,
            "one decile less deprived": 0.1,
            "psychosis": -0.6,
            "mood": -0.2,
            "neurotic": -0.2,
            "neurodevelopmental": -1.0,
            "other disorder": -0.4,
        },
    ),
    (
        "absence_percent",
        "percentage points",
        "every school year, beginning with 2020/21 for the pandemic",
        "direction: DfE, Pupil absence in schools in England",
        {
            "free school meals": 2.5,
            "special educational needs": 1.5,
            "one decile less deprived": -0.1,
            "since the pandemic": 2.6,
        },
    ),
    (
        "absence_percent",
        "percentage points",
        _ONSET,
        _CRIS_NPD,
        {
            "psychosis": 9.0,
            "mood": 5.0,
            "neurotic": 4.0,
            "neurodevelopmental": 1.5,
            "other disorder": 3.0,
        },
    ),
    (
        "unauthorised absence",
        "percentage points",
        "of the half-days missed, the share without leave; 24 % among other pupils",
        "direction: DfE, Pupil absence in schools in England, by free school meals",
        {"free school meals": 14.0},
    ),
    (
        "exclusions",
        "rate ratio",
        "always",
        "direction: DfE, Suspensions and permanent exclusions in England",
        {"female": 0.45, "free school meals": 2.5, "special educational needs": 2.8},
    ),
    (
        "exclusions",
        "rate ratio",
        _ONSET,
        _CRIS_NPD,
        {
            "psychosis": 1.8,
            "mood": 1.4,
            "neurotic": 1.1,
            "neurodevelopmental": 2.0,
            "other disorder": 2.6,
        },
    ),
    (
        "illness among authorised absences",
        "percentage points",
        f"{_ONSET}: of the half-days authorised but for suspension, study leave and travel, the "
        "share by illness; 74 % among other pupils",
        "direction: Finning 2019, J Affect Disord 245:928, depression and poor attendance at "
        "school",
        {"mood": 10.0, "neurotic": 8.0},
    ),
    (
        "excluded for persistent disruption",
        "odds ratio",
        f"{_ONSET}: of each suspension or permanent exclusion, that this is its reason",
        "direction: Ford 2018, Psychol Med 48:629, exclusion from school and mental health",
        {"neurodevelopmental": 1.8},
    ),
    (
        "child mental-health referral",
        "odds ratio",
        "always",
        _CRIS_NPD,
        {"free school meals": 1.6, "minority ethnic group": 0.8},
    ),
)
"""All of these sizes are assumed; see `tre.safe_data.effects`."""
