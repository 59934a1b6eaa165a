"""One file, one verb, one transaction: load, decide, change, write to the ledger.

Every step is called as `verb(tre, actor, …)` and lives in the file of its own name. It raises
RefusedError (the Five Safes say no; every reason is in it and the refusal is on the ledger),
NotThereError, OvertakenError or UnusableRequestError (see `tre.decision`).

Opening            tre: open_tre(config, now=…) -> Tre, SYSTEM (the actor of the environment itself)
People             sign_in · second_factor: current_code · record_person · people: load_…, people
                   view_person · open_account: open_account, recover_account · change_password
                   switch_on_second_factor: begin_…, confirm_second_factor · recovery_codes
                   my_page · notices · telling: tell · send_mail · remind · remind_late
                   apply_for_accreditation: write_…, submit_…, withdraw_application
                   decide_application · ask_supervision · sign_declaration · record_document
                   change_details · link_identity · sign_in_from_provider
                   change_roles · impose_sanction: foresee_…, impose_sanction · lift_sanction
Projects           record_project · projects: load_project, projects · my_projects
                   apply_for_project: apply_…, change_…, submit_…, withdraw_application
                   answer_advice · lay_review: advise_on_project · decide_as_owner
                   panel_vote: vote_on_project
                   change_project: propose_…, decide_…, decide_…_as_owner, withdraw_change
                   suspend_project: suspend_…, resume_project · end_project
                   archive_project: finish_ending, finish_endings · view_project
                   project_tasks · register: public_register
Sessions           start_session · end_session · record_session · sessions_to_end
Bringing code      bring_code · accept_code · refuse_code · withdraw_code
                   ingress_requests: ingress_queue, my_ingress, view_ingress, ingress_file
Packages           packages: packages, add_packages, remove_package · offered_packages
Asking             create_request · add_file · replace_file · add_workspace_file · workspace_files
                   describe_group · set_file_kind · withdraw_file · withdraw_request
                   submit_request · ask_for_release (ReleasePackage, PackageFile)
Reviewing          vote · comment · publish_comment · submit_review · return_request
                   reject_request · approve_request · retry_release · retry_releases
                   revoke_release
Reading            view_request · request_file · queue · my_requests · download_release
Books              transfers: record_transfers, transfers · budget: budget, set_budget, spending
                   read_ledger · ledger_search · verify_ledger · checkpoint_ledger
Assessing          assess, with the checks of assessing/
"""
