"""The example studies that are on their way to a panel, or ended before they began."""

from tre.safe_projects.application import Choice
from tre.safe_projects.project import ProjectState
from tre.training.study import BEFORE_PANDEMIC, DFE_REVIEW, Study, StudyAsk, patients

_S, _C = ProjectState, Choice

ON_THEIR_WAY: tuple[Study, ...] = (
    Study(
        id="depression-in-primary-care",
        title="Depression care in Lambeth primary care",
        summary=(
            "How depression is treated in general practice before and after a referral to SLaM, "
            "and what becomes of people whose practice could have begun the treatment sooner."
        ),
        methods="Who is treated before the referral? Prescriptions and visits, and what notes say.",
        benefit="Treatment that begins where people already are.",
        asks=(
            patients(
                "ldn",
                ("notes.written", "a note is read with what was prescribed at the time"),
                ("notes.author", "a doctor's note is told from a nurse's"),
                ("notes.text", "how severe a depression is stands in the notes alone"),
            ),
            StudyAsk(
                dataset="ldn",
                why=(
                    ("ldn_people", "controls of the same age, sex and poverty are compared"),
                    ("registrations", "somebody is followed while registered, and no longer"),
                    ("consultations", "how often somebody was seen before the referral"),
                    ("primary_care_diagnoses", "what the practice knew, and when"),
                    ("prescriptions", "treatment before and after is the outcome"),
                ),
            ),
        ),
        state=_S.RETURNED,
        lead="ada",
        votes=(_C.APPROVE, _C.RETURN, _C.APPROVE),
        question="A note names relatives: what keeps a sentence of one out of what you release?",
        shows="Two approve and one asks: it came back, and its lead must answer the question.",
    ),
    Study(
        id="kidney-disease",
        title="Kidney disease and severe mental illness",
        summary=(
            "Whether kidney disease is found later in people with severe mental illness than in "
            "others, and whether a test that was not made is the reason for it."
        ),
        methods="Is it found later? Stage at the first test, and time from there to dialysis.",
        benefit="Kidneys that are looked after before dialysis.",
        asks=(
            patients("renalware"),
            StudyAsk(
                dataset="renalware",
                why=(
                    ("renalware_people", "patients are compared by age, sex and poverty"),
                    ("renal_diagnoses", "when kidney disease was first seen is the outcome"),
                    ("renal_tests", "the stage at the first test says how late it was"),
                    ("renal_dialysis", "dialysis is the outcome that could have been put off"),
                    ("renal_transplants", "who is offered a transplant is the last question"),
                ),
            ),
        ),
        state=_S.WITH_OWNERS,
        shows="Two data owners have it, and neither has decided: each sees what is asked of them.",
        shift_dates=True,
    ),
    Study(
        id="birth-outcomes",
        title="Maternal mental health and birth outcomes",
        summary=(
            "How the mental health of mothers before and during a pregnancy goes with the birth "
            "and the first weeks of their children, and what care in between can do."
        ),
        methods="Which births go differently? Weight and weeks by mother's diagnosis and care.",
        benefit="Help for mothers when it does most for two.",
        asks=(
            patients("elixir"),
            StudyAsk(
                dataset="elixir",
                why=(
                    ("elixir_people", "mothers are compared by age and poverty"),
                    ("births", "weight and weeks at birth are the outcome"),
                    ("neonatal_admissions", "care after birth is the second outcome"),
                    ("pregnancies", "smoking, age and late booking would confound"),
                ),
            ),
        ),
        state=_S.WITH_LAY_GROUP,
        shows="Handed in: the Service User and Carer Advisory Group reads it first.",
    ),
    Study(
        id="cancer-survival",
        title="Cancer survival with and without mental disorder",
        summary=(
            "Whether cancer is found later in people with a mental disorder, treated less, and "
            "survived less long, and which of the three explains the most."
        ),
        methods="Where are years lost? Stage, treatment and survival by diagnosis, with controls.",
        benefit="Cancer care that does not stop at a diagnosis of mental illness.",
        asks=(
            patients(
                "thames-cancer",
                ("patients.linked_ncras", "who is in the later register alone is told apart"),
            ),
            StudyAsk(
                dataset="thames-cancer",
                why=(
                    ("thames_cancer_people", "patients are compared by age, sex and poverty"),
                    ("thames_tumours", "stage and first treatment, for tumours to 2009"),
                    ("thames_deaths", "survival is the outcome"),
                ),
            ),
            StudyAsk(
                dataset="ncras",
                why=(
                    ("ncras_people", "controls of the same age, sex and poverty are compared"),
                    ("ncras_tumours", "stage and route to the diagnosis, for later tumours"),
                    ("ncras_treatments", "less treatment may explain shorter survival"),
                    ("ncras_admissions", "cancer found in an emergency is found late"),
                    ("ncras_deaths", "survival is the outcome"),
                ),
            ),
        ),
        state=_S.WITH_PANEL,
        votes=(_C.APPROVE,),
        shows="One of three votes is in, and nobody sees it before all have voted.",
        shift_dates=True,
    ),
    Study(
        id="care-proceedings",
        title="Mothers in care proceedings",
        summary=(
            "The mental health care of mothers before, during and after proceedings about their "
            "children: who was in touch with a service, and who was left without when it was over."
        ),
        methods="Who is lost to care after a court's decision? Contacts before and after it.",
        benefit="Support for mothers at the time at which children are lost.",
        asks=(
            patients("cafcass"),
            StudyAsk(
                dataset="cafcass",
                why=(
                    ("cafcass_people", "mothers are compared by age and poverty"),
                    ("proceedings", "their kind, length and end are the exposure"),
                ),
            ),
        ),
        state=_S.ADVISED,
        shows="The lay group has advised; its advice is no veto, and the lead must answer it.",
    ),
    Study(
        id="welfare-and-relapse",
        title="Welfare reform and relapse",
        summary=(
            "Whether an assessment of the ability to work, or a benefit that is stopped, is "
            "followed by a relapse of a mental illness that had been stable for a long time."
        ),
        methods="Does a relapse follow? Admissions in the year after, against the year before.",
        benefit="Benefits that do not make people ill.",
        asks=(
            patients("dwp"),
            StudyAsk(
                dataset="dwp",
                why=(
                    ("dwp_people", "patients are compared by age, sex and poverty"),
                    ("benefits", "who received what, and when it stopped, is the exposure"),
                    ("work_capability_assessments", "an assessment is the first exposure"),
                    ("sanctions", "a sanction is the second exposure"),
                ),
            ),
        ),
        state=_S.DRAFT,
        lead="ada",
        shows="A draft, that nobody sees but its lead: finish it and hand it in.",
    ),
    Study(
        id="hiv",
        title="HIV and severe mental illness",
        summary=(
            "Whether people with severe mental illness who live with HIV reach and keep a "
            "suppressed viral load, and what is different about those who do not."
        ),
        methods="Who keeps a suppressed load? Every quarter of every person, by clinic and block.",
        benefit="HIV care that holds people who are hard to hold.",
        asks=(
            patients("hars"),
            StudyAsk(
                dataset="hars",
                why=(
                    ("hars_people", "patients are compared by age, sex and poverty"),
                    ("hars_diagnoses", "a late diagnosis would confound, and so would exposure"),
                    ("hars_quarters", "the viral load, quarter by quarter, is the outcome"),
                ),
            ),
        ),
        state=_S.REFUSED,
        votes=(_C.REFUSE, _C.RETURN, _C.REFUSE),
        question="Tables by clinic would describe ones and twos, and no larger unit is offered.",
        shows="Two of three refuse, with reasons: small groups that could not be published.",
    ),
    Study(
        id="fertility-treatment",
        title="Fertility treatment and depression",
        summary=(
            "Depression before, during and after fertility treatment, and the births that follow "
            "it: when it would help most that a clinic asks a woman how she is."
        ),
        methods="When does depression begin? Contacts with services around every cycle.",
        benefit="Clinics that know when to ask how somebody is.",
        asks=(
            patients("hfea"),
            StudyAsk(
                dataset="hfea",
                why=(
                    ("hfea_people", "women are compared by age and poverty"),
                    ("fertility_cycles", "each cycle and how it ended is the exposure"),
                    ("fertility_births", "a birth after treatment is told from none"),
                ),
            ),
        ),
        state=_S.WITHDRAWN,
        shows="Taken back by its lead after the lay group's advice: hidden from all others.",
    ),
)

FURTHER: tuple[Study, ...] = (
    Study(
        id="absence-and-diagnosis",
        title="Absence and diagnosis in secondary school",
        summary=(
            "Some illnesses keep young people from school more than others do. We compare absence "
            "between groups of diagnoses, to see which pupils need support at school the most."
        ),
        methods="How much school is missed by diagnosis group? Means per year with intervals.",
        benefit="Support at school for those who miss most of it.",
        asks=(
            StudyAsk(
                dataset="cris",
                why=(
                    ("referrals.referral_year", "it says where before ends and after begins"),
                    ("linked.diagnosis_group", "it is the exposure of the study, in five groups"),
                ),
                years=(2010, 2019),
                why_years=BEFORE_PANDEMIC,
            ),
            StudyAsk(
                dataset="npd",
                why=(
                    ("absence.school_year", "absence is compared year by year"),
                    ("absence.sessions_possible", "what absence is a share of"),
                    ("absence.sessions_missed", "it is the outcome of the study"),
                    ("absence_reasons", "illness is told apart from absence without leave"),
                ),
                years=(2010, 2019),
                why_years=BEFORE_PANDEMIC,
            ),
        ),
        state=_S.WITH_OWNERS,
        granted=("cris",),
        shows="School records asked for: the Department for Education is the last to decide.",
        review=DFE_REVIEW,
    ),
)
"""What no study of the linkages shows: the school records are all granted there."""
