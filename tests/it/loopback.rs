//! A host on loopback that serves a folder as it is told to: well, or with one fault or another.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

/// How a file is answered.
pub(crate) type Answering = dyn Fn(&Asked, Reply) -> Reply + Send + Sync;

/// What was asked for.
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) accepts_gzip: bool,
}

/// An answer.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// How long it takes to begin.
    pub(crate) delay: Duration,
    /// Whether it goes on for ever.
    pub(crate) endless: bool,
}

/// A host, until it is dropped.
pub(crate) struct Loopback {
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    answering: Arc<Mutex<Box<Answering>>>,
    root: Arc<Mutex<PathBuf>>,
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
    over: Arc<AtomicBool>,
}

impl Loopback {
    /// A host whose folder is named later, as list files name its port before there is a site.
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let host = Self {
            url,
            answering: Arc::new(Mutex::new(Box::new(|_, reply| reply))),
            root: Arc::new(Mutex::new(PathBuf::new())),
            asked: Arc::default(),
            over: Arc::default(),
        };
        let (answering, root) = (Arc::clone(&host.answering), Arc::clone(&host.root));
        let (asked, over) = (Arc::clone(&host.asked), Arc::clone(&host.over));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                let (answering, root) = (Arc::clone(&answering), Arc::clone(&root));
                let asked = Arc::clone(&asked);
                std::thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    while let Some(request) = request(&mut stream) {
                        asked.lock().unwrap().push(request.path.clone());
                        let file = root.lock().unwrap().join(&request.path[1..]);
                        let reply = answering.lock().unwrap()(&request, Reply::of(&file, &request));
                        if !reply.send(&mut stream) {
                            return;
                        }
                    }
                });
            }
        });
        host
    }

    pub(crate) fn serve(&self, folder: PathBuf) {
        *self.root.lock().unwrap() = folder;
    }

    /// From now on, answers are changed so.
    pub(crate) fn answer(
        &self,
        answering: impl Fn(&Asked, Reply) -> Reply + Send + Sync + 'static,
    ) {
        *self.answering.lock().unwrap() = Box::new(answering);
    }

    /// Answers that nobody is there, from now on.
    pub(crate) fn stop(&self) {
        self.over.store(true, Ordering::Relaxed);
        // The thread that waits for the next connection sees it then.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Reply {
    /// The file as a good host serves it.
    fn of(file: &Path, asked: &Asked) -> Self {
        let mut reply = Self {
            status: 200,
            headers: vec![
                ("Access-Control-Allow-Origin", "*".to_owned()),
                ("Cache-Control", "public, max-age=300".to_owned()),
            ],
            body: Vec::new(),
            delay: Duration::ZERO,
            endless: false,
        };
        let Ok(body) = std::fs::read(file) else {
            reply.status = 404;
            return reply;
        };
        let ending = file.extension().and_then(|ending| ending.to_str());
        let media_type = match (ending, file.file_name().and_then(|name| name.to_str())) {
            (_, Some("jwks.json")) => "application/jwk-set+json",
            (_, Some("all.json")) => "application/json",
            (Some("jwt"), _) => "application/statuslist+jwt",
            (Some("cwt"), _) => "application/statuslist+cwt",
            (Some("json"), _) => "application/vc",
            _ => "application/octet-stream",
        };
        reply.headers.push(("Content-Type", media_type.to_owned()));
        reply.body = body;
        if asked.accepts_gzip {
            reply = reply.gzipped();
        }
        reply
    }

    pub(crate) fn gzipped(mut self) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&self.body).unwrap();
        self.body = encoder.finish().unwrap();
        self.with("Content-Encoding", "gzip")
    }

    /// The same with another header in the place of those of this name.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Sends it; false if the connection is of no more use.
    fn send(&self, stream: &mut TcpStream) -> bool {
        std::thread::sleep(self.delay);
        let mut head = format!("HTTP/1.1 {} Some\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.endless {
            head.push_str("\r\n");
            let mut sent = stream.write_all(head.as_bytes());
            while sent.is_ok() {
                sent = stream.write_all(&[b'x'; 1 << 12]);
            }
            return false;
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        let bytes = [head.as_bytes(), &self.body].concat();
        stream.write_all(&bytes).is_ok()
    }
}

fn request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
    }
    let text = String::from_utf8(bytes).ok()?;
    let path = text.split(' ').nth(1)?.to_owned();
    let accepts_gzip = text.to_lowercase().contains("accept-encoding: gzip");
    Some(Asked { path, accepts_gzip })
}
