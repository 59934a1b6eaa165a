"""The words that every room shares: ids, safes, roles, actions. Imports nothing of the project."""

from enum import StrEnum

PersonId = str
"""A person's sign-in name: lower-case letters, digits and hyphens."""

ProjectId = str
"""A project's short name in addresses and folders: lower-case letters, digits and hyphens."""

RequestId = int
"""The number of a release request, counted from 1 over all projects."""


class Safe(StrEnum):
    """The Five Safes, in the order in which the ONS lists them."""

    PROJECTS = "Safe Projects"
    PEOPLE = "Safe People"
    SETTINGS = "Safe Settings"
    DATA = "Safe Data"
    OUTPUTS = "Safe Outputs"


class Role(StrEnum):
    """What a person does in the environment; membership of a project is not a role."""

    RESEARCHER = "researcher"
    OUTPUT_CHECKER = "output checker"
    DATA_LINKER = "data linker"
    DATA_OWNER = "data owner"
    PANEL_MEMBER = "panel member"
    LAY_MEMBER = "lay member"
    TRAINER = "trainer"
    TRE_MANAGER = "TRE manager"
    AUDITOR = "auditor"


class Action(StrEnum):
    """Everything that a person may ask to do; the value is also the ledger's tag.

    Grammar of a tag: safe:subject:action.
    """

    SIGN_IN = "people:account:sign-in"
    VIEW_PERSON = "people:person:view"
    RECORD_PERSON = "people:person:record"
    IMPOSE_SANCTION = "people:sanction:impose"
    LIFT_SANCTION = "people:sanction:lift"
    KEEP_ACCOUNT = "people:account:keep"
    RECOVER_ACCOUNT = "people:account:recover"
    CHANGE_ROLES = "people:roles:change"
    RECORD_DOCUMENT = "people:document:record"
    APPLY_FOR_ACCREDITATION = "people:accreditation:apply"
    DECIDE_ACCREDITATION = "people:accreditation:decide"
    SIGN_DECLARATION = "people:declaration:sign"
    ASK_SUPERVISION = "people:supervision:ask"
    ANSWER_SUPERVISION = "people:supervision:answer"
    SEND_REMINDERS = "people:reminder:send"
    RECORD_PROJECT = "projects:project:record"
    VIEW_PROJECT = "projects:project:view"
    APPLY_FOR_PROJECT = "projects:application:write"
    SUBMIT_APPLICATION = "projects:application:submit"
    WITHDRAW_APPLICATION = "projects:application:withdraw"
    ADVISE_ON_PROJECT = "projects:advice:give"
    ANSWER_ADVICE = "projects:advice:answer"
    DECIDE_AS_OWNER = "projects:data:decide"
    VOTE_ON_PROJECT = "projects:panel:vote"
    PROPOSE_CHANGE = "projects:change:propose"
    WITHDRAW_CHANGE = "projects:change:withdraw"
    DECIDE_CHANGE = "projects:change:decide"
    SUSPEND_PROJECT = "projects:project:suspend"
    RESUME_PROJECT = "projects:project:resume"
    END_PROJECT = "projects:project:end"
    START_SESSION = "settings:session:start"
    BRING_CODE = "settings:ingress:bring"
    VIEW_INGRESS = "settings:ingress:view"
    ACCEPT_CODE = "settings:ingress:accept"
    REFUSE_CODE = "settings:ingress:refuse"
    WITHDRAW_CODE = "settings:ingress:withdraw"
    VIEW_PACKAGES = "settings:packages:view"
    CHANGE_PACKAGES = "settings:packages:change"
    BUILD_WORLD = "data:world:build"
    RUN_LINKAGE = "data:linkage:run"
    VIEW_LINKAGE = "data:linkage:view"
    MAKE_EXTRACT = "data:extract:make"
    DESTROY_EXTRACT = "data:extract:destroy"
    SPEND_BUDGET = "outputs:budget:spend"
    CREATE_REQUEST = "outputs:request:create"
    UPDATE_REQUEST = "outputs:request:update"
    SUBMIT_REQUEST = "outputs:request:submit"
    WITHDRAW_REQUEST = "outputs:request:withdraw"
    VIEW_REQUEST = "outputs:request:view"
    REPRODUCE_OUTPUT = "outputs:file:reproduce"
    VOTE = "outputs:review:vote"
    COMMENT = "outputs:request:comment"
    SUBMIT_REVIEW = "outputs:review:submit"
    RETURN_REQUEST = "outputs:request:return"
    REJECT_REQUEST = "outputs:request:reject"
    APPROVE_REQUEST = "outputs:request:approve"
    RELEASE_REQUEST = "outputs:request:release"
    REVOKE_RELEASE = "outputs:release:revoke"
    DOWNLOAD_RELEASE = "outputs:release:download"
    VIEW_QUEUE = "outputs:queue:view"
    VIEW_FIGURES = "outputs:figures:view"
    VIEW_LEDGER = "audit:ledger:view"
    KEEP_CHECKPOINT = "audit:ledger:checkpoint"
    VIEW_ASSESSMENT = "audit:assessment:view"
