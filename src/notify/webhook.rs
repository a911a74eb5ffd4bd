//! Sending a message to a url.

use std::time::Duration;

use super::receiver::Message;
use super::refusal::Refusal;
use super::secret::{Secret, SecretFault};
use crate::net::{Client, Request};

/// The most bytes that are read of an answer, which says nothing but its status.
const LONGEST_ANSWER: u64 = 1 << 16;

/// Sends messages to one url.
pub(super) struct Webhook<'a> {
    pub(super) client: Client,
    pub(super) url: &'a str,
    pub(super) secret: &'a Secret,
}

impl Webhook<'_> {
    /// Sends a message, with the time of sending it. Any status of success takes it.
    pub(super) fn send(
        &self,
        message: &Message,
        second: i64,
        patience: Duration,
    ) -> Result<(), Refusal> {
        let signature = self.secret.sign(&message.id, second, &message.body);
        let signature = signature.ok_or(Refusal::Secret(SecretFault::Malformed))?;
        let second = second.to_string();
        let request = Request {
            url: self.url,
            headers: &[
                ("content-type", "application/json"),
                ("webhook-id", &message.id),
                ("webhook-timestamp", &second),
                ("webhook-signature", &signature),
            ],
            limit: LONGEST_ANSWER,
            patience,
        };
        let answer = self.client.post(&request, &message.body);
        let answer = answer.map_err(|error| Refusal::of(error, patience))?;
        match answer.status {
            200..=299 => Ok(()),
            status @ 300..=399 => Err(Refusal::Redirects(status)),
            410 => Err(Refusal::Gone),
            status => Err(Refusal::Status(status)),
        }
    }
}
