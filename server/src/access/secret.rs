//! Secrets that people type: what is stored of them, and whether one is the right one.

use crate::platform::{Random, random_bytes};
use crate::store::StoreError;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

/// What is short enough to be typed needs a slow hash. OWASP's second recommendation for argon2id,
/// one lane.
fn hasher() -> Argon2<'static> {
    #[cfg(test)]
    HASHINGS.with(|hashings| hashings.set(hashings.get() + 1));
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
thread_local! {
    /// How often this thread has hashed: the work that whoever measures times would see.
    pub(super) static HASHINGS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

pub(super) fn hash_secret(secret: &str, random: &dyn Random) -> Result<String, StoreError> {
    let unusable = |_| StoreError::Unreadable("secret that can be hashed");
    let salt = SaltString::encode_b64(&random_bytes::<16>(random)).map_err(unusable)?;
    Ok(hasher().hash_password(secret.as_bytes(), &salt).map_err(unusable)?.to_string())
}

pub(super) fn secret_is(secret: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|stored| hasher().verify_password(secret.as_bytes(), &stored).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_and_another_is_not() {
        let stored = hash_secret("9MXT3F", &crate::platform::SystemRandom).unwrap();
        assert!(secret_is("9MXT3F", &stored));
        assert!(!secret_is("9MXT3G", &stored));
    }
}
