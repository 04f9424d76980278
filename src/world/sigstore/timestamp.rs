//! A timestamp authority (RFC 3161): a signed statement of when a message was there.

use jiff::Timestamp;

use super::{
    SigstoreError,
    certificate::algorithm,
    der::{self, Der},
    key::{self, Key},
};
use crate::digest::Digest;

/// The authority's key and certificate.
#[derive(Debug)]
pub(super) struct Authority {
    /// Signs timestamps.
    pub(super) key: Key,
    /// Its certificate, which every answer carries.
    pub(super) certificate: Der,
    /// Who issued that.
    pub(super) issuer: Der,
    /// That certificate's serial number.
    pub(super) serial: [u8; 16],
}

impl Authority {
    /// A whole `TimeStampResp` about `message` at `now`.
    pub(super) fn stamp(&self, message: &[u8], now: Timestamp) -> Result<Der, SigstoreError> {
        let sha256 = || der::sequence(&[der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 1])]);
        let imprint = der::octets(Digest::of(message).as_bytes());
        let information = der::sequence(&[
            der::integer(&[1]),
            // The policy: any of ours.
            der::oid(&[1, 3, 6, 1, 4, 1, 57264, 2]),
            der::sequence(&[sha256(), imprint]),
            der::integer(&key::serial()?),
            der::generalized_time(now),
            // To a second.
            der::sequence(&[der::integer(&[1])]),
        ]);
        let content_type = der::oid(&[1, 2, 840, 113_549, 1, 9, 16, 1, 4]);
        let hash = der::octets(Digest::of(&self.certificate).as_bytes());
        let signing_certificate = der::sequence(&[der::sequence(&[der::sequence(&[hash])])]);
        let digest = der::octets(Digest::of(&information).as_bytes());
        let attributes = der::set(&[
            attribute(&[1, 2, 840, 113_549, 1, 9, 3], content_type.clone()),
            attribute(&[1, 2, 840, 113_549, 1, 9, 4], digest),
            attribute(&[1, 2, 840, 113_549, 1, 9, 16, 2, 47], signing_certificate),
        ]);
        // Signed as a SET, carried as [0] (RFC 5652, 5.4).
        let signature = self.key.sign(&attributes)?;
        let mut carried = attributes;
        carried[0] = 0xa0;
        let authority = der::sequence(&[self.issuer.clone(), der::integer(&self.serial)]);
        let signer = der::sequence(&[
            der::integer(&[1]),
            authority,
            sha256(),
            carried,
            algorithm(),
            der::octets(&signature),
        ]);
        let data = der::sequence(&[
            der::integer(&[3]),
            der::set(&[sha256()]),
            der::sequence(&[content_type, der::tlv(0xa0, &der::octets(&information))]),
            der::tlv(0xa0, &self.certificate),
            der::set(&[signer]),
        ]);
        let granted = der::sequence(&[der::integer(&[0])]);
        let kind = der::oid(&[1, 2, 840, 113_549, 1, 7, 2]);
        Ok(der::sequence(&[
            granted,
            der::sequence(&[kind, der::tlv(0xa0, &data)]),
        ]))
    }
}

fn attribute(arcs: &[u32], value: Der) -> Der {
    der::sequence(&[der::oid(arcs), der::set(&[value])])
}
