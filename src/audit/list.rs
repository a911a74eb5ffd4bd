//! The rules for the list in a token, whatever its format.

use super::claims::Claim;
use super::finding::chain;
use super::judge::Judge;
use crate::list::Width;
use crate::token::{self, StatusList, ZlibHeader};

/// The members of `status_list`, as far as they can be read.
pub(super) struct ReadList {
    pub(super) width: Result<Width, String>,
    /// The compressed entries.
    pub(super) stream: Result<Vec<u8>, String>,
    pub(super) aggregation_uri: Claim<String>,
}

impl Judge<'_> {
    pub(super) fn list(&mut self, claim: &Claim<ReadList>) {
        let list = match claim {
            Claim::Is(list) => list,
            Claim::Wrong(fault) => return self.error_list("4.2", fault.clone()),
            Claim::Missing => return self.error_list("5.1", "there is no status_list"),
        };
        if let Err(fault) = &list.width {
            self.error_list("4.2", fault.clone());
        }
        if let Claim::Wrong(fault) = &list.aggregation_uri {
            self.error_list("4.2", fault.clone());
        }
        match &list.stream {
            Ok(stream) => self.stream(stream, list.width.as_ref().ok().copied()),
            Err(fault) => self.error_list("4.2", fault.clone()),
        }
    }

    fn stream(&mut self, stream: &[u8], width: Option<Width>) {
        self.judgement.compressed = Some(stream.len());
        self.judgement.zlib_header = ZlibHeader::parse(stream).ok();
        let other = |header: &ZlibHeader| header.bytes() != ZlibHeader::BEST.bytes();
        if let Some(header) = self.judgement.zlib_header.filter(other) {
            self.warn_list(
                "4.1",
                format!("the zlib header is {header}: some readers accept 78da alone"),
            );
        }
        match token::inflate(stream, self.checks.limit) {
            // Without its width nobody knows where an entry begins.
            Ok(bytes) => {
                self.judgement.list = width.map(|width| StatusList { width, bytes });
            }
            Err(error) => {
                self.error_list("4.1", format!("lst does not inflate: {}", chain(&error)));
            }
        }
    }
}
