//! Certificates (RFC 5280): the authorities' own, and those that name a signer, with a promise of
//! the certificate log (RFC 6962) inside.

use jiff::Timestamp;

use super::{SigstoreError, der, der::Der, key, key::Key};
use crate::sign::{LOCAL_ISSUER, LOCAL_NAME};

/// How long a signer's certificate is good, in seconds.
const LIFETIME: i64 = 600;

/// A distinguished name of the local instance.
pub(super) fn name(common: &str) -> Der {
    let part =
        |arcs: &[u32], text: &str| der::set(&[der::sequence(&[der::oid(arcs), der::utf8(text)])]);
    let parts = [
        part(&[2, 5, 4, 10], LOCAL_NAME),
        part(&[2, 5, 4, 3], common),
    ];
    der::sequence(&parts)
}

/// `ecdsa-with-SHA256`.
pub(super) fn algorithm() -> Der {
    der::sequence(&[der::oid(&[1, 2, 840, 10045, 4, 3, 2])])
}

/// From when to when, in seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Validity(pub(super) Timestamp, pub(super) Timestamp);

impl Validity {
    /// From `start` on, for `seconds`.
    pub(super) fn new(start: Timestamp, seconds: i64) -> Self {
        let end = Timestamp::from_second(start.as_second() + seconds);
        Self(start, end.unwrap_or(Timestamp::MAX))
    }
}

/// Who issues, and for whom.
struct Certificate<'a> {
    issuer: (&'a Der, &'a Key),
    subject: (&'a Der, &'a Key),
    validity: Validity,
    serial: [u8; 16],
    extensions: Vec<Der>,
}

impl Certificate<'_> {
    fn to_be_signed(&self) -> Der {
        let identifier = |key: &Key| key.id().as_bytes()[..20].to_vec();
        let (issuer, authority) = self.issuer;
        let (subject, key) = self.subject;
        let mut extensions = vec![
            extension(&[2, 5, 29, 14], &der::octets(&identifier(key))),
            extension(
                &[2, 5, 29, 35],
                &der::sequence(&[der::tlv(0x80, &identifier(authority))]),
            ),
        ];
        extensions.extend_from_slice(&self.extensions);
        der::sequence(&[
            der::tlv(0xa0, &der::integer(&[2])),
            der::integer(&self.serial),
            algorithm(),
            issuer.clone(),
            der::sequence(&[der::time(self.validity.0), der::time(self.validity.1)]),
            subject.clone(),
            key.public.clone(),
            der::tlv(0xa3, &der::sequence(&extensions)),
        ])
    }

    fn sign(&self) -> Result<Der, SigstoreError> {
        let signed = self.to_be_signed();
        let signature = self.issuer.1.sign(&signed)?;
        Ok(der::sequence(&[signed, algorithm(), der::bits(&signature)]))
    }
}

fn extension(arcs: &[u32], value: &[u8]) -> Der {
    der::sequence(&[der::oid(arcs), der::octets(value)])
}

fn critical(arcs: &[u32], value: &[u8]) -> Der {
    der::sequence(&[der::oid(arcs), der::yes(), der::octets(value)])
}

/// `digitalSignature`.
fn signs() -> Der {
    critical(&[2, 5, 29, 15], &der::tlv(0x03, &[7, 0x80]))
}

/// The certificate of an authority: signed by itself.
pub(super) fn root(key: &Key, name: &Der, validity: Validity) -> Result<Der, SigstoreError> {
    let certificate = Certificate {
        issuer: (name, key),
        subject: (name, key),
        validity,
        serial: key::serial()?,
        extensions: vec![
            critical(&[2, 5, 29, 19], &der::sequence(&[der::yes()])),
            // keyCertSign and cRLSign
            critical(&[2, 5, 29, 15], &der::tlv(0x03, &[1, 0x06])),
        ],
    };
    certificate.sign()
}

/// The certificate of a timestamp authority's key; its purpose is critical (RFC 3161, 2.3).
pub(super) fn timestamping(
    issuer: (&Der, &Key),
    subject: (&Der, &Key),
    validity: Validity,
) -> Result<(Der, [u8; 16]), SigstoreError> {
    let purpose = der::sequence(&[der::oid(&[1, 3, 6, 1, 5, 5, 7, 3, 8])]);
    let certificate = Certificate {
        issuer,
        subject,
        validity,
        serial: key::serial()?,
        extensions: vec![signs(), critical(&[2, 5, 29, 37], &purpose)],
    };
    Ok((certificate.sign()?, certificate.serial))
}

/// The authorities that make a signer's certificate.
#[derive(Debug)]
pub(super) struct Issuer {
    /// Signs certificates.
    pub(super) key: Key,
    /// Under this name.
    pub(super) name: Der,
    /// Signs the promises of the certificate log.
    pub(super) log: Key,
}

impl Issuer {
    /// A certificate that names `email`, good from `now` on for ten minutes: the profile of Fulcio
    /// with an e-mail identity.
    pub(super) fn issue(
        &self,
        key: &Key,
        email: &str,
        now: Timestamp,
    ) -> Result<Der, SigstoreError> {
        let name = der::sequence(&[der::tlv(0x81, email.as_bytes())]);
        let claim = |arc: u32, value: &[u8]| extension(&[1, 3, 6, 1, 4, 1, 57264, 1, arc], value);
        let code_signing = der::oid(&[1, 3, 6, 1, 5, 5, 7, 3, 3]);
        let mut certificate = Certificate {
            issuer: (&self.name, &self.key),
            subject: (&der::sequence(&[]), key),
            validity: Validity::new(now, LIFETIME),
            serial: key::serial()?,
            extensions: vec![
                signs(),
                extension(&[2, 5, 29, 37], &der::sequence(&[code_signing])),
                critical(&[2, 5, 29, 17], &name),
                // The issuer of the identity: the legacy claim is the bare text.
                claim(1, LOCAL_ISSUER.as_bytes()),
                claim(8, &der::utf8(LOCAL_ISSUER)),
            ],
        };
        let promise = self.promise(&certificate.to_be_signed(), now)?;
        let list = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2];
        let promise = extension(&list, &der::octets(&promise));
        certificate.extensions.push(promise);
        certificate.sign()
    }

    /// The list of one signed certificate timestamp (RFC 6962, 3.2 and 3.3) over a precertificate.
    fn promise(&self, precertificate: &[u8], now: Timestamp) -> Result<Vec<u8>, SigstoreError> {
        let milliseconds = now.as_second().unsigned_abs() * 1000;
        let milliseconds = milliseconds.to_be_bytes();
        let length =
            u32::try_from(precertificate.len()).map_err(|_| SigstoreError::Cryptography)?;
        let (issuer, log) = (self.key.id(), self.log.id());
        let signed = [
            &[0, 0][..],
            &milliseconds,
            &[0, 1],
            issuer.as_bytes(),
            &length.to_be_bytes()[1..],
            precertificate,
            &[0, 0],
        ];
        let signature = self.log.sign(&signed.concat())?;
        let timestamp = [
            &[0][..],
            log.as_bytes(),
            &milliseconds,
            &[0, 0, 4, 3],
            &prefixed(&signature)?,
        ];
        prefixed(&prefixed(&timestamp.concat())?)
    }
}

/// Bytes behind their number, which takes two bytes.
fn prefixed(bytes: &[u8]) -> Result<Vec<u8>, SigstoreError> {
    let length = u16::try_from(bytes.len()).map_err(|_| SigstoreError::Cryptography)?;
    Ok([&length.to_be_bytes(), bytes].concat())
}
