//! People without a tablet: their role gives rights, their grants give the scope.

use super::{scope_of, token};
use crate::refusal::Refusal;
use crate::store::{ReadTx, Role, Worker};
use sync_protocol::area::Scope;
use sync_protocol::problem::ProblemCode;

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
}

impl Right {
    pub const ALL: [Right; 7] = [
        Right::ReadFigures,
        Right::ReadRecords,
        Right::SeeNik,
        Right::ExportByName,
        Right::Review,
        Right::Enter,
        Right::Enrol,
    ];
}

impl Role {
    /// The one table of who may do what. A tenaga works through the tablet and has no right here.
    pub fn may(self, right: Right) -> bool {
        match self {
            Role::Tenaga => false,
            Role::Pengamat => matches!(right, Right::ReadFigures | Right::ReadRecords),
            Role::Penyelia => true,
            // The office's IT: keeps tablets and people going, and is not a clinician.
            Role::Admin => matches!(right, Right::ReadFigures | Right::ReadRecords | Right::Enrol),
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
        if self.role.may(right) { Ok(()) } else { Err(Refusal::problem(ProblemCode::Forbidden)) }
    }
}

/// Whose token it is, whatever they may do.
pub fn worker_of_token(tx: &ReadTx<'_>, token: &str) -> Result<Worker, Refusal> {
    let stranger = || Refusal::problem(ProblemCode::Unauthorised);
    let worker = tx.worker_by_token(&token::hash(token))?.ok_or_else(stranger)?;
    tx.worker(worker)?.ok_or_else(stranger)
}

/// The person behind a token. Read in the transaction that uses it: nothing is cached.
pub fn person_of_token(tx: &ReadTx<'_>, token: &str, right: Right) -> Result<Person, Refusal> {
    let worker = worker_of_token(tx, token)?;
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
