//! A receiver of webhooks on loopback, which answers as it is told.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Channel, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::harness::Place;

/// The secret of the specification's example, in base64 behind its prefix.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// All kinds of events.
pub(crate) const ALL: &str = "['status_list.regenerated', 'status_list.capacity_warning', \
                              'status_list.expired', 'index.status_changed', 'index.allocated']";

/// How a receiver answers.
#[derive(Clone)]
pub(crate) enum Answer {
    Status(u16),
    /// These bytes, whatever they are, and then the end.
    Bytes(Vec<u8>),
    /// These bytes again and again.
    Endless(&'static str),
    /// Nothing, and the connection stays.
    Silence,
    /// The end.
    Close,
}

/// What was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    sent: Channel<Sent>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
}

impl Receiver {
    /// One that takes everything.
    pub(crate) fn new() -> Self {
        Self::answering(vec![])
    }

    /// One that gives these answers, and then takes everything.
    pub(crate) fn answering(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/in", listener.local_addr().unwrap());
        let answers = Arc::new(Mutex::new(VecDeque::from(answers)));
        let (sender, sent) = channel();
        let queue = Arc::clone(&answers);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read(&mut stream) else {
                    continue;
                };
                let answer = queue.lock().unwrap().pop_front();
                if sender.send(request).is_err() {
                    return;
                }
                std::thread::spawn(move || give(stream, answer.unwrap_or(Answer::Status(200))));
            }
        });
        Self { url, sent, answers }
    }

    /// Gives another answer to what comes next.
    pub(crate) fn answers(&self, answer: Answer) {
        self.answers.lock().unwrap().push_back(answer);
    }

    /// Everything that was sent until now.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.try_iter().collect()
    }

    /// Waits until something is sent.
    pub(crate) fn next(&self) -> Sent {
        self.sent.recv_timeout(Duration::from_secs(20)).unwrap()
    }

    /// The kinds of what was sent until now.
    pub(crate) fn events(&self) -> Vec<String> {
        self.sent().iter().map(Sent::event).collect()
    }

    /// Lets it be told of these events.
    pub(crate) fn is_told(&self, place: &Place, events: &str, more: &str) {
        place.write("secret", SECRET);
        place.write("told.toml", self.table(events, more));
    }

    /// Its table in a settings file.
    pub(crate) fn table(&self, events: &str, more: &str) -> String {
        let url = &self.url;
        format!("[[webhook]]\nurl = '{url}'\nevents = {events}\nsecret = 'secret'\n{more}\n")
    }
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(header, _)| header.eq_ignore_ascii_case(name));
        found
            .unwrap_or_else(|| panic!("no {name} in {}", self.head))
            .1
    }

    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn data(&self) -> Value {
        self.json()["data"].clone()
    }

    pub(crate) fn event(&self) -> String {
        self.json()["event"].as_str().unwrap().to_owned()
    }

    /// Checks the signature, computed here once more.
    pub(crate) fn is_signed(&self) -> bool {
        use base64::Engine;
        let base64 = base64::engine::general_purpose::STANDARD;
        let secret = base64
            .decode(SECRET.strip_prefix("whsec_").unwrap())
            .unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
        let time = self.header("webhook-timestamp");
        mac.update(format!("{}.{time}.", self.id()).as_bytes());
        mac.update(&self.body);
        let expected = format!("v1,{}", base64.encode(mac.finalize().into_bytes()));
        self.header("webhook-signature") == expected
    }
}

fn read(stream: &mut TcpStream) -> Option<Sent> {
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let mut sent = Sent {
        head,
        body: Vec::new(),
    };
    sent.body = vec![0; sent.header("content-length").parse().unwrap()];
    stream.read_exact(&mut sent.body).ok()?;
    Some(sent)
}

fn give(mut stream: TcpStream, answer: Answer) {
    match answer {
        Answer::Status(status) => {
            let text = format!(
                "HTTP/1.1 {status} So\r\nContent-Length: 0\r\nLocation: /other\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(text.as_bytes());
        }
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(&bytes);
        }
        Answer::Endless(text) => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
            while stream.write_all(text.as_bytes()).is_ok() {}
        }
        Answer::Silence => {
            let _ = stream.read_to_end(&mut Vec::new());
        }
        Answer::Close => {}
    }
}
