"""The steps about people that the desk calls, in one place."""

from tre.steps.apply_for_accreditation import (
    my_applications,
    submit_application,
    withdraw_application,
    write_application,
)
from tre.steps.ask_supervision import (
    Supervision,
    answer_supervisor_question,
    ask_to_supervise,
    supervisions_of,
)
from tre.steps.change_details import change_details
from tre.steps.change_password import change_password
from tre.steps.change_roles import change_roles
from tre.steps.decide_application import (
    ApplicationView,
    decide_application,
    how_many_wait,
    one_application,
    waiting_applications,
)
from tre.steps.impose_sanction import foresee_sanction, impose_sanction
from tre.steps.lift_sanction import KeptSanction, lift_sanction, sanctions
from tre.steps.my_page import MyPage, my_page, page_of
from tre.steps.my_projects import my_projects
from tre.steps.open_account import NewAccount, open_account, recover_account
from tre.steps.people import people
from tre.steps.record_document import record_passport, record_training, take_passport_away
from tre.steps.recovery_codes import codes_left, new_recovery_codes
from tre.steps.sanction_cascade import Cascade, in_words
from tre.steps.sign_declaration import sign_declaration
from tre.steps.switch_on_second_factor import (
    ToScan,
    begin_second_factor,
    being_scanned,
    confirm_second_factor,
)
from tre.steps.view_person import view_person

__all__ = [
    "ApplicationView",
    "Cascade",
    "KeptSanction",
    "MyPage",
    "NewAccount",
    "Supervision",
    "ToScan",
    "answer_supervisor_question",
    "ask_to_supervise",
    "begin_second_factor",
    "being_scanned",
    "change_details",
    "change_password",
    "change_roles",
    "codes_left",
    "confirm_second_factor",
    "decide_application",
    "foresee_sanction",
    "how_many_wait",
    "impose_sanction",
    "in_words",
    "lift_sanction",
    "my_applications",
    "my_page",
    "my_projects",
    "new_recovery_codes",
    "one_application",
    "open_account",
    "page_of",
    "people",
    "record_passport",
    "record_training",
    "recover_account",
    "sanctions",
    "sign_declaration",
    "submit_application",
    "supervisions_of",
    "take_passport_away",
    "view_person",
    "waiting_applications",
    "withdraw_application",
    "write_application",
]
