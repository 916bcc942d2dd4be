//! The server's certificate, read again when its files change: a renewal needs no restart.

use super::serve::{ServeError, Tls};
use crate::certificate::{CertificateError, load};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// The files are looked at again at most this often, when somebody connects.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

pub(super) fn config(tls: &Tls) -> Result<ServerConfig, ServeError> {
    let resolver = Reloading::start(tls, LOOK_AGAIN)?;
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| CertificateError(error.to_string()))?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(resolver));
    Ok(config)
}

/// What tells that a file was written anew.
type Look = Option<(SystemTime, u64)>;

fn look(path: &Path) -> Look {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Gives every connection the certificate that the files hold now.
#[derive(Debug)]
struct Reloading {
    certificate: PathBuf,
    key: PathBuf,
    every: Duration,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    pair: Arc<CertifiedKey>,
    looks: (Look, Look),
    looked_at: Instant,
}

impl Reloading {
    fn start(tls: &Tls, every: Duration) -> Result<Self, ServeError> {
        // Looked at before they are read: a change in between is noticed later.
        let looks = (look(&tls.certificate), look(&tls.key));
        let pair = load(&tls.certificate, &tls.key)?;
        let held = Mutex::new(Held { pair, looks, looked_at: Instant::now() });
        Ok(Reloading { certificate: tls.certificate.clone(), key: tls.key.clone(), every, held })
    }

    fn present(&self) -> Arc<CertifiedKey> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.looked_at.elapsed() >= self.every {
            held.looked_at = Instant::now();
            self.look_again(&mut held);
        }
        Arc::clone(&held.pair)
    }

    /// Takes changed files over. What cannot be used (half of a renewal, too) is tried again the
    /// next time, and the old pair serves on.
    fn look_again(&self, held: &mut Held) {
        let looks = (look(&self.certificate), look(&self.key));
        if looks == held.looks {
            return;
        }
        match load(&self.certificate, &self.key) {
            Ok(pair) => {
                tracing::info!("the certificate was renewed");
                held.pair = pair;
                held.looks = looks;
            }
            Err(error) => tracing::error!(
                %error,
                "the certificate's files changed and cannot be used: the old certificate serves on"
            ),
        }
    }
}

impl ResolvesServerCert for Reloading {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.present())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConnection};
    use rustls_pki_types::{CertificateDer, ServerName};
    use std::fs;
    use tempfile::TempDir;

    /// A certificate in its own right, put where the server reads it.
    fn issue(dir: &TempDir) -> (Tls, CertificateDer<'static>) {
        let made = rcgen::generate_simple_self_signed(vec!["timbang.example".to_owned()]).unwrap();
        let tls = Tls { certificate: dir.path().join("cert.pem"), key: dir.path().join("key.pem") };
        fs::write(&tls.certificate, made.cert.pem()).unwrap();
        fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
        (tls, made.cert.der().clone())
    }

    /// Whether a client that trusts only this certificate gets through a handshake.
    fn connects(server: &Arc<ServerConfig>, trusted: &CertificateDer<'static>) -> bool {
        let mut roots = RootCertStore::empty();
        roots.add(trusted.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("timbang.example").unwrap();
        let mut client = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut server = ServerConnection::new(Arc::clone(server)).unwrap();
        while client.is_handshaking() {
            let mut sent = Vec::new();
            client.write_tls(&mut sent).unwrap();
            server.read_tls(&mut sent.as_slice()).unwrap();
            if server.process_new_packets().is_err() {
                return false;
            }
            let mut answered = Vec::new();
            server.write_tls(&mut answered).unwrap();
            client.read_tls(&mut answered.as_slice()).unwrap();
            if client.process_new_packets().is_err() {
                return false;
            }
        }
        true
    }

    fn serving(resolver: Reloading) -> Arc<ServerConfig> {
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(resolver));
        Arc::new(config)
    }

    #[test]
    fn a_renewed_certificate_is_served_and_a_broken_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let (tls, first) = issue(&dir);
        let server = serving(Reloading::start(&tls, Duration::ZERO).unwrap());
        assert!(connects(&server, &first));

        // Half of a renewal: the new certificate with the old key.
        let old_key = fs::read(&tls.key).unwrap();
        let (_, second) = issue(&dir);
        let new_key = fs::read(&tls.key).unwrap();
        fs::write(&tls.key, old_key).unwrap();
        assert!(connects(&server, &first));

        fs::write(&tls.key, new_key).unwrap();
        assert!(connects(&server, &second));
        assert!(!connects(&server, &first));

        fs::write(&tls.certificate, "no certificate").unwrap();
        assert!(connects(&server, &second));
        fs::remove_file(&tls.certificate).unwrap();
        assert!(connects(&server, &second));
    }

    #[test]
    fn files_are_not_looked_at_more_often_than_said() {
        let dir = tempfile::tempdir().unwrap();
        let (tls, first) = issue(&dir);
        let server = serving(Reloading::start(&tls, Duration::from_secs(3_600)).unwrap());
        let (_, second) = issue(&dir);
        assert!(connects(&server, &first));
        assert!(!connects(&server, &second));
    }
}
