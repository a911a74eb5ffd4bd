//! A host on loopback that serves a folder, unless it is told to misbehave.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::harness::{Place, Run};

/// A host that serves a folder of a place.
pub(crate) struct Web {
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    shared: Arc<Shared>,
}

/// What a host does for one path instead of serving the file.
#[derive(Clone)]
pub(crate) enum Odd {
    /// These bytes are the whole answer.
    Says(Vec<u8>),
    /// Nothing comes.
    Silent,
    /// One byte now and then.
    Slow,
    /// Bytes without end.
    Endless,
}

#[derive(Default)]
struct Shared {
    root: Mutex<PathBuf>,
    odd: Mutex<BTreeMap<String, Odd>>,
    headers: Mutex<Vec<String>>,
    asked: Mutex<Vec<String>>,
}

impl Web {
    /// A host that serves `www` of a place.
    pub(crate) fn of(place: &Place) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared::default());
        *shared.root.lock().unwrap() = place.path("www");
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&serving);
                std::thread::spawn(move || {
                    let _ = serve(stream, &shared);
                });
            }
        });
        Self { url, shared }
    }

    /// Does something else for one path from now on; `*` stands for all others.
    pub(crate) fn is_odd(&self, path: &str, odd: Odd) {
        self.shared.odd.lock().unwrap().insert(path.to_owned(), odd);
    }

    /// Answers one path with a status, headers and a body.
    pub(crate) fn says(&self, path: &str, status: &str, headers: &[&str], body: &[u8]) {
        self.is_odd(path, Odd::Says(answer(status, headers, body)));
    }

    /// Serves the files again.
    pub(crate) fn is_well(&self) {
        self.shared.odd.lock().unwrap().clear();
    }

    /// Adds these headers to what it serves.
    pub(crate) fn adds(&self, headers: &[&str]) {
        let headers = headers.iter().map(|one| (*one).to_owned()).collect();
        *self.shared.headers.lock().unwrap() = headers;
    }

    /// The paths that it was asked for since the last time.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.asked.lock().unwrap())
    }

    /// What a run printed, with the name of the host written `HOST`, and how many bytes something
    /// has, which depends on its port and on signatures, `N`.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "what was hidden is not looked at again"
    )]
    pub(crate) fn hidden(&self, run: Run) -> Run {
        let hide = |text: &str| without_lengths(&text.replace(&self.url, "HOST"));
        Run {
            stdout: hide(&run.stdout),
            stderr: hide(&run.stderr),
            code: run.code,
        }
    }
}

/// A text in which numbers of bytes are written `N`.
fn without_lengths(text: &str) -> String {
    let mut parts = text.split(" bytes");
    let mut hidden = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        hidden.truncate(
            hidden
                .trim_end_matches(|digit: char| digit.is_ascii_digit())
                .len(),
        );
        hidden.push_str("N bytes");
        hidden.push_str(part);
    }
    hidden
}

/// An answer, whole.
pub(crate) fn answer(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let length = format!("Content-Length: {}", body.len());
    let mut text = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{length}\r\n");
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    [text.as_bytes(), b"\r\n", body].concat()
}

fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    shared.asked.lock().unwrap().push(path.clone());
    let odd = shared.odd.lock().unwrap();
    let odd = odd.get(&path).or_else(|| odd.get("*")).cloned();
    match odd {
        None => {
            let root = shared.root.lock().unwrap().clone();
            let headers = shared.headers.lock().unwrap().clone();
            let headers: Vec<_> = headers.iter().map(String::as_str).collect();
            let answer = match std::fs::read(root.join(path.trim_start_matches('/'))) {
                Ok(bytes) => answer("200 OK", &headers, &bytes),
                Err(_) => answer("404 Not Found", &headers, b"<html>nothing here</html>"),
            };
            stream.write_all(&answer)
        }
        Some(Odd::Says(answer)) => stream.write_all(&answer),
        Some(Odd::Silent) => {
            std::thread::sleep(Duration::from_secs(20));
            Ok(())
        }
        Some(Odd::Slow) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")?;
            loop {
                stream.write_all(b"{")?;
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        Some(Odd::Endless) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{")?;
            let spaces = vec![b' '; 1 << 16];
            loop {
                stream.write_all(&spaces)?;
            }
        }
    }
}
