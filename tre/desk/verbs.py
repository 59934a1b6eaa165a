"""The steps that the desk calls, in one place: it does nothing else with the environment."""

from tre.steps.accept_code import accept_code
from tre.steps.add_file import add_file
from tre.steps.add_workspace_file import add_workspace_file
from tre.steps.approve_request import approve_request
from tre.steps.assess import assess
from tre.steps.audit_linkage import audit_linkage
from tre.steps.bring_code import bring_code
from tre.steps.checkpoint_ledger import checkpoint_ledger
from tre.steps.comment import comment
from tre.steps.create_request import create_request
from tre.steps.describe_group import describe_group
from tre.steps.download_release import download_release
from tre.steps.figures import FiguresView, view_figures
from tre.steps.figures import as_csv as figures_as_csv
from tre.steps.file_changes import file_changes
from tre.steps.ingress_requests import ingress_file, ingress_queue, my_ingress, view_ingress
from tre.steps.linkage_cards import linkage_card, linkage_cards
from tre.steps.linkage_journey import linkage_journey
from tre.steps.linkage_report import linkage_report
from tre.steps.my_projects import my_projects
from tre.steps.my_requests import my_requests
from tre.steps.notices import notices
from tre.steps.people import load_person, people
from tre.steps.preview_remedy import preview_remedy
from tre.steps.projects import projects
from tre.steps.publish_comment import publish_comment
from tre.steps.queue import QueueView, filtered_queue, queue
from tre.steps.read_ledger import LedgerLook, export_ledger, look_through_ledger, read_ledger
from tre.steps.refuse_code import refuse_code
from tre.steps.reject_request import reject_request
from tre.steps.released_before import released_before
from tre.steps.replace_file import replace_file
from tre.steps.request_file import request_file
from tre.steps.retry_release import retry_release
from tre.steps.return_request import return_request
from tre.steps.revoke_release import revoke_release
from tre.steps.separation import SeparationProof, prove_separation
from tre.steps.set_file_kind import set_file_kind
from tre.steps.sign_ins_count_from import sign_ins_count_from
from tre.steps.submit_request import submit_request
from tre.steps.submit_review import submit_review
from tre.steps.transfers import transfers
from tre.steps.tre import open_tre
from tre.steps.verify_ledger import verify_ledger
from tre.steps.view_request import view_request
from tre.steps.vote import Remark, vote
from tre.steps.withdraw_code import withdraw_code
from tre.steps.withdraw_file import withdraw_file
from tre.steps.withdraw_request import withdraw_request
from tre.steps.workspace import read_workspace_file
from tre.steps.workspace_files import workspace_files

__all__ = [
    "FiguresView",
    "LedgerLook",
    "QueueView",
    "Remark",
    "SeparationProof",
    "accept_code",
    "add_file",
    "add_workspace_file",
    "approve_request",
    "assess",
    "audit_linkage",
    "bring_code",
    "checkpoint_ledger",
    "comment",
    "create_request",
    "describe_group",
    "download_release",
    "export_ledger",
    "figures_as_csv",
    "file_changes",
    "filtered_queue",
    "ingress_file",
    "ingress_queue",
    "linkage_card",
    "linkage_cards",
    "linkage_journey",
    "linkage_report",
    "load_person",
    "look_through_ledger",
    "my_ingress",
    "my_projects",
    "my_requests",
    "notices",
    "open_tre",
    "people",
    "preview_remedy",
    "projects",
    "prove_separation",
    "publish_comment",
    "queue",
    "read_ledger",
    "read_workspace_file",
    "refuse_code",
    "reject_request",
    "released_before",
    "replace_file",
    "request_file",
    "retry_release",
    "return_request",
    "revoke_release",
    "set_file_kind",
    "sign_ins_count_from",
    "submit_request",
    "submit_review",
    "transfers",
    "verify_ledger",
    "view_figures",
    "view_ingress",
    "view_request",
    "vote",
    "withdraw_code",
    "withdraw_file",
    "withdraw_request",
    "workspace_files",
]
