//! Logging in to the pages: a name and a password become a session.

use super::secret::{hash_secret, secret_is};
use super::token;
use crate::platform::Random;
use crate::store::{Act, Login, ReadTx, Role, Session, StoreError, Stored, Who, WriteTx};
use serde_json::json;
use std::fmt;
use sync_protocol::ids::WorkerId;

/// Short ones are guessed; longer ones than this are no passwords.
pub const PASSWORD_CHARS_MIN: usize = 10;
const PASSWORD_BYTES_MAX: usize = 200;
pub const LOGIN_CHARS_MAX: usize = 60;
const MINUTE_MS: i64 = 60_000;
/// A session ends when nobody looks for so long, and after so long in any case.
const IDLE_MS: i64 = 60 * MINUTE_MS;
const ABSOLUTE_MS: i64 = 12 * 60 * MINUTE_MS;
/// How exactly it is kept when a session was last seen.
const SEEN_EVERY_MS: i64 = 5 * MINUTE_MS;

/// Why a password or a login name cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LoginFault {
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters")]
    TooShort,
    #[error("a password has at most {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    #[error("a login is a word of at most {LOGIN_CHARS_MAX} letters, digits, dots and hyphens")]
    BadName,
    #[error("another person has this login: choose another")]
    NameTaken,
    #[error("a tenaga works on the tablet and has no pages: no login is needed")]
    NoDesk,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A password that may be set, as it is stored.
#[derive(Clone)]
pub struct NewPassword(String);

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword")
    }
}

impl NewPassword {
    /// White space around it does not count: forms and pasting add and lose it.
    pub fn of(password: &str, random: &dyn Random) -> Result<Self, LoginFault> {
        let password = password.trim();
        if password.chars().count() < PASSWORD_CHARS_MIN {
            return Err(LoginFault::TooShort);
        }
        if password.len() > PASSWORD_BYTES_MAX {
            return Err(LoginFault::TooLong);
        }
        Ok(NewPassword(hash_secret(password, random)?))
    }
}

/// Sets a person's login and password, and ends what sessions they have.
pub fn set_password(
    tx: &WriteTx<'_>,
    by: Who,
    worker: WorkerId,
    name: &str,
    password: &NewPassword,
    now_ms: i64,
) -> Result<(), LoginFault> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "._-@".contains(c);
    if name.is_empty() || name.len() > LOGIN_CHARS_MAX || !name.chars().all(is_word) {
        return Err(LoginFault::BadName);
    }
    if tx.worker(worker)?.is_none_or(|worker| worker.role == Role::Tenaga) {
        return Err(LoginFault::NoDesk);
    }
    if tx.login_named(name)?.is_some_and(|login| login.worker != worker) {
        return Err(LoginFault::NameTaken);
    }
    tx.set_login(worker, name, Some(&password.0), now_ms)?;
    tx.end_sessions_of(worker)?;
    tx.audit(by, Act::PasswordSet, &json!({"worker": worker, "login": name}), now_ms)?;
    Ok(())
}

/// Nobody can log in as this person until a password is set again.
pub fn disable(tx: &WriteTx<'_>, by: Who, worker: WorkerId, now_ms: i64) -> Stored<bool> {
    let Some(login) = tx.login_of(worker)? else { return Ok(false) };
    tx.set_login(worker, &login.name, None, now_ms)?;
    tx.end_sessions_of(worker)?;
    tx.audit(by, Act::LoginDisabled, &json!({"worker": worker}), now_ms)?;
    Ok(true)
}

/// The login when the password is its own. Does the same work where there is none to compare with.
pub(crate) fn proven(
    login: Option<Login>,
    password: &str,
    random: &dyn Random,
) -> Stored<Option<Login>> {
    let stored = login.as_ref().and_then(|login| login.password.as_deref());
    let right = match stored.zip(as_password(password)) {
        Some((stored, password)) => secret_is(password, stored),
        None => {
            hash_secret("nobody", random)?;
            false
        }
    };
    Ok(login.filter(|_| right))
}

/// Begins the session of somebody who proved who they are.
pub(crate) fn begin_session(
    tx: &WriteTx<'_>,
    session_hash: &[u8; 32],
    worker: WorkerId,
    now_ms: i64,
) -> Stored<()> {
    tx.forget_sessions(now_ms - IDLE_MS, now_ms - ABSOLUTE_MS)?;
    tx.add_session(session_hash, worker, now_ms)?;
    tx.audit(Who::Worker(worker), Act::LoggedIn, &json!({}), now_ms)
}

/// Whether it is the password of somebody who may log in.
pub fn is_password_of(login: &Login, password: &str) -> bool {
    let stored = login.password.as_deref();
    stored.zip(as_password(password)).is_some_and(|(stored, password)| secret_is(password, stored))
}

/// What may be a password, as it was hashed.
fn as_password(typed: &str) -> Option<&str> {
    Some(typed.trim()).filter(|password| password.len() <= PASSWORD_BYTES_MAX)
}

/// The session behind a cookie, while it has not ended.
pub(super) fn session(tx: &ReadTx<'_>, session: &str, now_ms: i64) -> Stored<Option<Session>> {
    let found = tx.session(&token::hash(session))?;
    let is_live = |s: &Session| now_ms - s.seen_ms < IDLE_MS && now_ms - s.made_ms < ABSOLUTE_MS;
    Ok(found.filter(is_live))
}

/// Whether it is kept well enough when a session was last seen; nothing is kept of none.
pub(crate) fn is_seen_lately(
    tx: &ReadTx<'_>,
    session_hash: &[u8; 32],
    now_ms: i64,
) -> Stored<bool> {
    let seen = tx.session(session_hash)?;
    Ok(seen.is_none_or(|seen| now_ms - seen.seen_ms < SEEN_EVERY_MS))
}

/// Proves that a form came from a page that this session was shown: another site cannot know it.
pub fn form_key(session: &str) -> String {
    token::hash(&format!("form {session}")).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
