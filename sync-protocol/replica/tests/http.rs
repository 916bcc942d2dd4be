//! The HTTP client against a socket on this machine that answers from a script.
#![cfg(feature = "http")]

#[cfg(test)]
mod tests {
    use flate2::read::GzDecoder;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread::JoinHandle;
    use sync_replica::transport::http::HttpTransport;
    use sync_replica::{Request, Response, Transport, TransportError};

    struct Heard {
        head: String,
        body: Vec<u8>,
    }

    /// Answers one connection with these bytes; nothing at all when they are empty.
    fn server(answer: Vec<u8>) -> (HttpTransport, JoinHandle<Heard>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let handle = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let heard = hear(&mut stream);
            stream.write_all(&answer).unwrap();
            heard
        });
        let url = format!("http://{address}").parse().unwrap();
        (HttpTransport::new(url, None).unwrap(), handle)
    }

    fn hear(stream: &mut TcpStream) -> Heard {
        let mut bytes = Vec::new();
        let mut byte = [0u8; 1];
        while !bytes.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).unwrap();
            bytes.push(byte[0]);
        }
        let head = String::from_utf8(bytes).unwrap().to_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        stream.read_exact(&mut body).unwrap();
        Heard { head, body }
    }

    fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    }

    fn post(body: &[u8]) -> Request {
        Request {
            method: "POST",
            path: "/v1/sync".to_owned(),
            token: Some("tbg_1".to_owned()),
            body: Some(body.to_vec()),
            etag: None,
        }
    }

    #[test]
    fn a_large_request_goes_out_as_gzip_with_its_key_in_the_header() {
        let (mut transport, heard) = server(answer("200 OK", "", b"{}"));
        let body = "x".repeat(5_000);
        let response = transport.call(&post(body.as_bytes())).unwrap();
        assert_eq!(response, Response::new(200, "{}"));
        let heard = heard.join().unwrap();
        assert!(heard.head.starts_with("post /v1/sync http/1.1"));
        assert!(heard.head.contains("authorization: bearer tbg_1"));
        assert!(heard.head.contains("accept-encoding: zstd, gzip"));
        assert!(heard.head.contains("content-encoding: gzip") && heard.body.len() < 200);
        let mut text = String::new();
        GzDecoder::new(heard.body.as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text, body);
    }

    #[test]
    fn a_small_request_goes_out_as_it_is() {
        let (mut transport, heard) = server(answer("200 OK", "", b"{}"));
        transport.call(&post(b"{\"a\":1}")).unwrap();
        let heard = heard.join().unwrap();
        assert!(!heard.head.contains("content-encoding"));
        assert_eq!(heard.body, b"{\"a\":1}");
    }

    #[test]
    fn a_packed_answer_is_unpacked() {
        let packed = zstd::encode_all(b"{\"a\":1}".as_slice(), 3).unwrap();
        let (mut transport, _heard) =
            server(answer("200 OK", "Content-Encoding: zstd\r\nETag: \"e1\"\r\n", &packed));
        let response = transport.call(&post(b"{}")).unwrap();
        assert_eq!(
            (response.body.as_slice(), response.etag.as_deref()),
            (b"{\"a\":1}".as_slice(), Some("\"e1\""))
        );
    }

    #[test]
    fn a_refusal_is_an_answer_with_its_retry_after() {
        let (mut transport, _heard) =
            server(answer("503 Busy", "Retry-After: 17\r\n", b"{\"code\":\"busy\"}"));
        let response = transport.call(&post(b"{}")).unwrap();
        assert_eq!((response.status, response.retry_after_s), (503, Some(17)));
    }

    #[test]
    fn a_redirect_is_not_followed() {
        let (mut transport, _heard) =
            server(answer("302 Found", "Location: http://127.0.0.1:1/login\r\n", b""));
        assert_eq!(transport.call(&post(b"{}")).unwrap().status, 302);
    }

    #[test]
    fn a_line_that_breaks_is_no_signal() {
        let (mut transport, _heard) = server(Vec::new());
        let error = transport.call(&post(b"{}")).unwrap_err();
        assert!(matches!(error, TransportError::Unreachable(_)), "{error:?}");
        let cut = answer("200 OK", "", b"{\"a\":1}");
        let (mut transport, _heard) = server(cut.get(..cut.len() - 3).unwrap().to_vec());
        assert!(transport.call(&post(b"{}")).is_err(), "half an answer is none");
        let url = "http://127.0.0.1:1".parse().unwrap();
        let error = HttpTransport::new(url, None).unwrap().call(&post(b"{}")).unwrap_err();
        assert!(matches!(error, TransportError::Unreachable(_)), "{error:?}");
    }

    #[test]
    fn an_answer_that_is_no_http_is_garbled() {
        let (mut transport, _heard) = server(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec());
        let error = transport.call(&post(b"{}")).unwrap_err();
        assert!(matches!(error, TransportError::Garbled(_)), "{error:?}");
        let bomb = zstd::encode_all(vec![0u8; 20 << 20].as_slice(), 3).unwrap();
        let (mut transport, _heard) = server(answer("200 OK", "Content-Encoding: zstd\r\n", &bomb));
        let error = transport.call(&post(b"{}")).unwrap_err();
        assert!(matches!(error, TransportError::Garbled(_)), "{error:?}");
    }
}
