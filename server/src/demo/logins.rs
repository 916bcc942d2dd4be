//! Who may log in to the demo's pages. The data is made up, so the password is no secret.

use super::story::{heading, say};
use crate::admin::people::{list_workers, set_password};
use crate::service::Service;
use crate::store::{Role, StoreError};

/// Each person's role, and what they type as their name.
const LOGINS: [(Role, &str); 2] = [(Role::Penyelia, "rina"), (Role::Admin, "anton")];
const PASSWORD: &str = "timbang-demo";

/// Gives everybody their login, unless they have one, and says where to go.
pub(super) fn tell(service: &Service, url: &str) -> anyhow::Result<()> {
    heading("Open in a browser:");
    say(&format!("{url}/"));
    for (worker, _) in list_workers(service)? {
        let login = LOGINS.into_iter().find(|(role, _)| *role == worker.role);
        let Some((role, login)) = login else { continue };
        let has_login =
            service.read_as_operator::<_, StoreError>(|tx, _| tx.login_of(worker.id))?;
        if has_login.is_none() {
            set_password(service, worker.id, Some(login), PASSWORD)?;
        }
        say(&format!("{login:<6} {PASSWORD:<14} {}, {role}", worker.name));
    }
    Ok(())
}
