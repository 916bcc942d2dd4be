//! People without a tablet: their role gives rights, their grants give the scope.

use super::{login, scope_of, token};
use crate::refusal::Refusal;
use crate::store::{ReadTx, Role, Worker};
use std::fmt;
use sync_protocol::area::Scope;

/// What a route needs of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Figures and how complete they are.
    ReadFigures,
    /// Children, measurements and visits one by one; NIK masked.
    ReadRecords,
    /// The full NIK of one child. Each look is audited.
    SeeNik,
    /// Lists by name in files. Each export is audited.
    ExportByName,
    /// Deciding conflicts; releasing and discarding parked changes.
    Review,
    /// Entering and correcting records in the office.
    Enter,
    /// Seeing the tablets and who holds them; handing out codes; draining and revoking.
    Enrol,
    /// Giving people a password and taking their login away.
    Logins,
}

impl Right {
    pub const ALL: [Right; 8] = [
        Right::ReadFigures,
        Right::ReadRecords,
        Right::SeeNik,
        Right::ExportByName,
        Right::Review,
        Right::Enter,
        Right::Enrol,
        Right::Logins,
    ];
}

impl Role {
    /// The one table of who may do what. A tenaga works through the tablet and has no right here.
    pub fn may(self, right: Right) -> bool {
        match self {
            Role::Tenaga => false,
            Role::Pengamat => matches!(right, Right::ReadFigures | Right::ReadRecords),
            Role::Penyelia => right != Right::Logins,
            // The office's IT: keeps tablets and people going, and is not a clinician.
            Role::Admin => matches!(
                right,
                Right::ReadFigures | Right::ReadRecords | Right::Enrol | Right::Logins
            ),
        }
    }
}

/// A person who showed a valid token and has the right that was asked for.
#[derive(Clone, Debug)]
pub struct Person {
    pub worker: Worker,
    pub scope: Scope,
}

impl Worker {
    /// Refuses who has not the right.
    pub fn demand(&self, right: Right) -> Result<(), Refusal> {
        if self.role.may(right) { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// What a person shows.
#[derive(Clone)]
pub enum Credential {
    /// A token, as a program has it.
    Token(String),
    /// What the cookie of somebody holds who logged in, and when it was shown.
    Session { secret: String, now_ms: i64 },
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Credential::Token(_) => "Token",
            Credential::Session { .. } => "Session",
        })
    }
}

/// Who shows it, whatever they may do.
pub fn worker_of(tx: &ReadTx<'_>, credential: &Credential) -> Result<Worker, Refusal> {
    let stranger = || Refusal::Unauthorised;
    let worker = match credential {
        Credential::Token(token) => tx.worker_by_token(&token::hash(token))?,
        Credential::Session { secret, now_ms } => {
            login::session(tx, secret, *now_ms)?.map(|session| session.worker)
        }
    };
    tx.worker(worker.ok_or_else(stranger)?)?.ok_or_else(stranger)
}

/// The person who shows it. Read in the transaction that uses it: nothing is cached.
pub fn person_of(
    tx: &ReadTx<'_>,
    credential: &Credential,
    right: Right,
) -> Result<Person, Refusal> {
    let worker = worker_of(tx, credential)?;
    worker.demand(right)?;
    let scope = scope_of(tx, worker.id)?;
    Ok(Person { worker, scope })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observer_reads_and_does_nothing_else() {
        let allowed: Vec<Right> =
            Right::ALL.into_iter().filter(|right| Role::Pengamat.may(*right)).collect();
        assert_eq!(allowed, [Right::ReadFigures, Right::ReadRecords]);
        assert!(!Right::ALL.into_iter().any(|right| Role::Tenaga.may(right)));
    }
}
