use super::*;
use crate::net::testing::{Host, answer};

fn ask(url: &str) -> Request<'_> {
    Request {
        url,
        headers: &[("accept", "text/plain")],
        limit: 10,
        patience: Duration::from_secs(5),
    }
}

fn get(url: &str) -> Result<Response, NetError> {
    Client::new().get(&ask(url))
}

#[test]
fn an_answer_has_its_status_headers_and_bytes() {
    let host = Host::answering(vec![answer(
        "404 Not Found",
        &["X-Some: Thing"],
        b"0123456789",
    )]);
    let response = get(&format!("{}/a", host.url)).unwrap();
    assert_eq!(response.status, 404);
    assert!(response.is_absent() && !response.is_ok());
    assert_eq!(response.header("x-some"), Some("Thing"));
    assert_eq!(response.body, b"0123456789");
    let asked = host.asked.recv().unwrap();
    assert!(asked.starts_with("GET /a HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("accept: text/plain\r\n"), "{asked}");
}

#[test]
fn a_body_has_an_end() {
    let host = Host::answering(vec![answer("200 OK", &[], b"0123456789a")]);
    let error = get(&host.url).unwrap_err();
    assert!(
        matches!(error, NetError::TooLarge { limit: 10, .. }),
        "{error}"
    );
    let endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let host = Host::answering(vec![
        [endless, b"fff\r\n".to_vec(), vec![b'x'; 9999]].concat(),
    ]);
    let error = get(&host.url).unwrap_err();
    assert!(matches!(error, NetError::TooLarge { .. }), "{error}");
}

#[test]
fn a_host_that_says_nothing_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let request = Request {
        patience: Duration::from_millis(200),
        ..ask(&url)
    };
    let error = Client::new().get(&request).unwrap_err();
    assert!(matches!(error, NetError::TimedOut { .. }), "{error:?}");
    assert_eq!(error.to_string(), format!("'{url}' took longer than 0.2 s"));
}

#[test]
fn a_body_that_stops_half_way_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (done, held) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234";
        std::io::Write::write_all(&mut stream, answer).unwrap();
        let _ = held.recv();
    });
    let request = Request {
        patience: Duration::from_millis(300),
        ..ask(&url)
    };
    let error = Client::new().get(&request).unwrap_err();
    assert!(matches!(error, NetError::TimedOut { .. }), "{error:?}");
    drop(done);
}

#[test]
fn redirects_on_the_same_host_are_followed_and_told() {
    let host = Host::answering(vec![
        answer("301 Moved", &["Location: /b"], b""),
        answer("307 Moved", &["Location: c"], b""),
        answer("200 OK", &[], b"here"),
    ]);
    let response = get(&format!("{}/a", host.url)).unwrap();
    assert_eq!(response.url, format!("{}/c", host.url));
    assert_eq!(
        response.redirects,
        [format!("{}/a", host.url), format!("{}/b", host.url)]
    );
    assert_eq!(response.body, b"here");
}

#[test]
fn redirects_elsewhere_and_in_circles_end() {
    for elsewhere in [
        "http://127.0.0.2/x",
        "//127.0.0.2/x",
        "http://127.0.0.1:1/x",
        "https://127.0.0.1/x",
    ] {
        let location = format!("Location: {elsewhere}");
        let host = Host::answering(vec![answer("302 Found", &[&location], b"")]);
        let error = get(&host.url).unwrap_err();
        assert!(
            matches!(error, NetError::RedirectElsewhere { .. }),
            "{elsewhere}: {error}"
        );
    }
    let circle = answer("302 Found", &["Location: /"], b"");
    let host = Host::answering(vec![circle; 9]);
    let error = get(&host.url).unwrap_err();
    assert!(
        matches!(error, NetError::TooManyRedirects { .. }),
        "{error}"
    );
    let host = Host::answering(vec![answer("302 Found", &[], b"")]);
    let error = get(&host.url).unwrap_err();
    assert!(matches!(error, NetError::RedirectNowhere(_)), "{error}");
    for elsewhere in ["file:///etc/passwd", "ftp://127.0.0.1/x"] {
        let location = format!("Location: {elsewhere}");
        let host = Host::answering(vec![answer("302 Found", &[&location], b"")]);
        assert!(get(&host.url).is_err(), "{elsewhere}");
    }
}

#[test]
fn nobody_there_and_nonsense_are_told_apart() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = get(&url).unwrap_err();
    assert!(matches!(error, NetError::Unreachable { .. }), "{error:?}");
    let host = Host::answering(vec![b"SSH-2.0-OpenSSH_9\r\n\r\n".to_vec()]);
    let error = get(&host.url).unwrap_err();
    assert!(matches!(error, NetError::Protocol { .. }), "{error:?}");
    for url in ["", "/a", "file:///a", "http://", "http://a@b/", "https:a"] {
        let error = get(url).unwrap_err();
        assert!(matches!(error, NetError::Url(_)), "{url}: {error:?}");
    }
}

#[test]
fn what_is_sent_arrives_and_no_redirect_is_followed() {
    let host = Host::answering(vec![answer("302 Found", &["Location: /b"], b"")]);
    let response = Client::new().post(&ask(&host.url), b"{}").unwrap();
    assert_eq!(response.status, 302);
    let asked = host.asked.recv().unwrap();
    assert!(asked.starts_with("POST / HTTP/1.1\r\n"), "{asked}");
    assert!(asked.ends_with("\r\n\r\n{}"), "{asked}");
}

#[test]
fn loopback_is_this_machine_alone() {
    for url in [
        "http://localhost/a",
        "http://127.0.0.1:80",
        "https://[::1]/",
    ] {
        assert!(is_loopback(url), "{url}");
    }
    for url in ["http://localhost.example/", "http://10.0.0.1/", "x"] {
        assert!(!is_loopback(url), "{url}");
    }
}
