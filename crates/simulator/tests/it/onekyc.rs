//! What the OneKYC side tells and forgets: callbacks, the control API, the reference picture, and pictures of nothing.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::routing::any;
use image::{ImageFormat, Rgb, RgbImage};
use reqwest::Method as Verb;
use serde_json::{Value, json};
use simulator::onekyc::{Behaviour, CallbackTarget, CardReader, CardReading, ReferenceSource};
use simulator::{Running, SimulatorConfig};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Notify;

const SESSION: &str = "0b6f6b1c-0000-4000-8000-0000000000b1";

/// What a partner's server heard.
#[derive(Default)]
struct Heard {
    told: Mutex<Vec<(Method, HeaderMap, Value)>>,
    answers: Mutex<Vec<StatusCode>>,
    news: Notify,
}

async fn hear(
    State(heard): State<Arc<Heard>>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let body = serde_json::from_slice(&body).unwrap();
    heard.told.lock().unwrap().push((method, headers, body));
    heard.news.notify_one();
    heard.answers.lock().unwrap().pop().unwrap_or(StatusCode::OK)
}

/// A partner's server; answers its address.
async fn listen(heard: &Arc<Heard>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route("/coe/submissions-callback", any(hear)).with_state(Arc::clone(heard));
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    format!("http://{address}/coe/submissions-callback")
}

impl Heard {
    async fn wait_for(&self, count: usize) -> Vec<(Method, HeaderMap, Value)> {
        loop {
            let told = self.told.lock().unwrap().clone();
            if told.len() >= count {
                return told;
            }
            self.news.notified().await;
        }
    }
}

struct Bench {
    server: Running,
    http: reqwest::Client,
}

impl Bench {
    async fn start(behaviour: Behaviour, reader: Option<Arc<dyn CardReader>>) -> Self {
        let config = SimulatorConfig { onekyc: behaviour, card_reader: reader, ..SimulatorConfig::default() };
        let server = simulator::start(config).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { server, http }
    }

    async fn call(&self, verb: Verb, url: String, token: &str, body: Option<Value>) -> (u16, Value) {
        let answer = self.request(verb, url, token, body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    fn request(&self, verb: Verb, url: String, token: &str, body: Option<Value>) -> reqwest::RequestBuilder {
        let account = self.server.onekyc.account();
        let request = self
            .http
            .request(verb, url)
            .header("x-onekyc-token", token)
            .header("x-onboarding-partner", &account.onboarding_partner)
            .header("x-partner-user-id", "u-0001")
            .header("x-partner-user-id-type", "KIOSK")
            .header("x-partner-session-id", SESSION)
            .header("x-sdk-session-id", "0b6f6b1c-0000-4000-8000-0000000000c1");
        match body {
            Some(body) => request.json(&body),
            None => request,
        }
    }

    fn base(&self) -> &str {
        &self.server.onekyc.base_url
    }

    async fn partner_token(&self) -> String {
        let account = self.server.onekyc.account();
        let url = format!("{}/v1/coe/partner/authentication", self.server.onekyc.token_url);
        let request = self.http.get(url).header("client-id", &account.client_id);
        let answer: Value =
            request.header("pass-key", &account.pass_key).send().await.unwrap().json().await.unwrap();
        answer["data"]["token"].as_str().unwrap().to_owned()
    }

    /// A flow from its start to its confirmation; answers the submission's id.
    async fn submit(&self, flow: &str, picture: &[u8], reference: Option<String>) -> String {
        let (token, id) = self.store(flow, picture, reference).await;
        let (status, answer) =
            self.call(Verb::PUT, self.urls(), &token, Some(json!({"submissionId": id}))).await;
        assert_eq!(status, 200, "{answer}");
        id
    }

    fn urls(&self) -> String {
        format!("{}/coe/v1/submissions/urls", self.base())
    }

    /// A flow up to its stored pictures; answers its token and the submission's id.
    async fn store(&self, flow: &str, picture: &[u8], reference: Option<String>) -> (String, String) {
        let partner = self.partner_token().await;
        let body = json!({"flow": flow, "source": "SDK",
            "additionalDetails": {"referenceImageUrl": reference.unwrap_or_default()}});
        let url = format!("{}/coe-partner/v1/initiate-flow", self.base());
        let (status, answer) = self.call(Verb::POST, url, &partner, Some(body)).await;
        assert_eq!(status, 200, "{answer}");
        let token = answer["data"]["token"].as_str().unwrap().to_owned();
        let url = format!("{}?submissionType={flow}", self.urls());
        let (_, answer) = self.call(Verb::GET, url, &token, None).await;
        for (nth, (_, document)) in answer["data"]["documents"].as_object().unwrap().iter().enumerate() {
            // Pictures of a living person differ: a byte after the end of a JPEG changes nothing but its digest.
            let bytes = [picture, &vec![0; nth]].concat();
            let put =
                self.http.put(document["documentUrl"].as_str().unwrap()).header("content-type", "image/jpeg");
            assert_eq!(put.body(bytes).send().await.unwrap().status().as_u16(), 200);
        }
        let id = answer["data"]["submissionId"].as_str().unwrap().to_owned();
        (token, id)
    }
}

fn jpeg(colour: [u8; 3]) -> Vec<u8> {
    jpeg_of(RgbImage::from_pixel(96, 64, Rgb(colour)))
}

fn jpeg_of(picture: RgbImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

const PAPER: [u8; 3] = [150, 186, 212];
const SKIN: [u8; 3] = [200, 150, 120];

#[tokio::test]
async fn results_are_told_with_the_partners_own_headers() {
    let heard = Arc::new(Heard::default());
    let headers = [("authorization".to_owned(), "Basic Q09OVE9I".to_owned())].into();
    let target = CallbackTarget { url: listen(&heard).await, headers, ..CallbackTarget::default() };
    let bench = Bench::start(Behaviour { callback: Some(target), ..Behaviour::default() }, None).await;
    let id = bench.submit("KTP_SCAN", &jpeg(PAPER), None).await;
    let told = heard.wait_for(1).await;
    let (method, headers, body) = &told[0];
    assert_eq!((method, headers["authorization"].to_str().unwrap()), (&Method::POST, "Basic Q09OVE9I"));
    assert_eq!(
        (&body["submissionId"], &body["status"], &body["result"]),
        (&json!(id), &json!("COMPLETED"), &json!("VALID"))
    );
    assert_eq!((&body["userId"], &body["partnerSessionId"]), (&json!("u-0001"), &json!(SESSION)));
    assert!(body.get("success").is_none() && body.get("data").is_none(), "a callback has no envelope");
}

/// Sends a request and waits `patience` for its answer, as a process does that is killed then.
async fn hang_up_after(patience: Duration, request: &reqwest::Request) {
    let url = request.url();
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    let mut head = format!("{} {} HTTP/1.1\r\nhost: {}\r\n", request.method(), url.path(), url.authority());
    for (name, value) in request.headers() {
        head += &format!("{name}: {}\r\n", value.to_str().unwrap());
    }
    head += &format!("content-length: {}\r\n\r\n", body.len());
    let mut wire = tokio::net::TcpStream::connect(url.authority()).await.unwrap();
    wire.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
    let answered = tokio::time::timeout(patience, wire.readable()).await;
    assert!(answered.is_err(), "answered before the caller could hang up");
}

#[tokio::test]
async fn what_was_confirmed_is_judged_though_the_caller_hung_up() {
    let bench = Bench::start(Behaviour::default(), None).await;
    // It is looked at before it is confirmed, which takes longer than the caller stays.
    let large = jpeg_of(RgbImage::from_pixel(3600, 2400, Rgb(PAPER)));
    let (token, id) = bench.store("KTP_SCAN", &large, None).await;
    let hurry = Duration::from_millis(5);
    let request = bench.request(Verb::PUT, bench.urls(), &token, Some(json!({"submissionId": id})));
    hang_up_after(hurry, &request.build().unwrap()).await;
    let judged = async {
        while !bench.server.onekyc.submissions().iter().any(|row| row.status == "COMPLETED") {
            tokio::time::sleep(hurry).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), judged).await.unwrap();
}

#[tokio::test]
async fn callbacks_come_twice_late_and_out_of_order_if_asked() {
    let heard = Arc::new(Heard::default());
    let target = CallbackTarget {
        url: listen(&heard).await,
        method: "PUT".to_owned(),
        copies: 2,
        delay_ms: 5,
        tell_progress: true,
        reversed: true,
        ..CallbackTarget::default()
    };
    let bench = Bench::start(Behaviour { callback: Some(target), ..Behaviour::default() }, None).await;
    bench.submit("KTP_SCAN", &jpeg(PAPER), None).await;
    let told = heard.wait_for(4).await;
    let statuses: Vec<&str> = told.iter().map(|(_, _, body)| body["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["COMPLETED", "COMPLETED", "IN_PROGRESS", "IN_PROGRESS"]);
    assert!(told.iter().all(|(method, ..)| method == Method::PUT));
}

#[tokio::test]
async fn a_receiver_that_refuses_is_told_again() {
    let heard = Arc::new(Heard::default());
    heard.answers.lock().unwrap().extend([StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE]);
    let target = CallbackTarget { url: listen(&heard).await, retry_ms: vec![1], ..CallbackTarget::default() };
    let bench = Bench::start(Behaviour { callback: Some(target), ..Behaviour::default() }, None).await;
    bench.submit("KTP_SCAN", &jpeg(PAPER), None).await;
    let told = heard.wait_for(2).await;
    assert_eq!(told[0].2, told[1].2, "the same bytes");
}

#[tokio::test]
async fn the_reference_picture_is_fetched_and_looked_at() {
    let heard = Arc::new(Heard::default());
    let target = CallbackTarget { url: listen(&heard).await, ..CallbackTarget::default() };
    let bench = Bench::start(Behaviour { callback: Some(target), ..Behaviour::default() }, None).await;
    let serve = |bytes: Vec<u8>| async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = Router::new().route("/ktp.jpg", any(move || async move { bytes }));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        format!("http://{address}/ktp.jpg")
    };
    let card = serve(jpeg(PAPER)).await;
    let other = serve(jpeg(SKIN)).await;
    for (nth, (url, result, reason)) in
        [(card, "VALID", ""), (other, "INVALID", "REFERENCE_IMAGE_VALIDATION_FAILED")].into_iter().enumerate()
    {
        bench.submit("FACE_VERIFICATION", &jpeg(SKIN), Some(url)).await;
        let body = heard.wait_for(nth + 1).await[nth].2.clone();
        assert_eq!((&body["result"], &body["reasonCode"]), (&json!(result), &json!(reason)), "{body}");
        let checks = &body["submissionDetails"]["verificationResults"];
        assert_eq!(checks["liveness"]["result"], true);
        assert_eq!(checks["referenceImageValidation"]["ktp"]["verificationResult"], result == "VALID");
        assert!(checks.get("faceMatch").is_none(), "faces are not compared, and that is not hidden");
    }
}

/// A partner's server that knows one person's card, and notes who was asked about.
async fn partner(card: Vec<u8>, asked: Arc<Mutex<Vec<Value>>>) -> ReferenceSource {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let answer = json!({"success": true, "data": {"referenceImageUrl": format!("{base}/ktp.jpg")}});
    let tell = async move |headers: HeaderMap, body: Bytes| {
        asked.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
        let is_known = headers.get("x-callback-key").is_some_and(|key| key == "synthetic");
        (if is_known { StatusCode::OK } else { StatusCode::UNAUTHORIZED }, answer.to_string())
    };
    let routes = Router::new()
        .route("/coe/reference-image", any(tell))
        .route("/ktp.jpg", any(move || async move { card }));
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    let headers = [("x-callback-key".to_owned(), "synthetic".to_owned())].into();
    ReferenceSource { url: format!("{base}/coe/reference-image"), headers }
}

#[tokio::test]
async fn a_reference_picture_that_no_flow_brought_is_asked_for_at_the_partner() {
    for (flow, colour, result) in [
        ("STANDALONE_LIVENESS", PAPER, "VALID"),
        ("STANDALONE_LIVENESS", SKIN, "INVALID"),
        ("FACE_VERIFICATION", PAPER, "VALID"),
    ] {
        let (heard, asked) = (Arc::new(Heard::default()), Arc::new(Mutex::default()));
        let reference = Some(partner(jpeg(colour), Arc::clone(&asked)).await);
        let target = CallbackTarget { url: listen(&heard).await, ..CallbackTarget::default() };
        let behaviour = Behaviour { callback: Some(target), reference, ..Behaviour::default() };
        let bench = Bench::start(behaviour, None).await;
        bench.submit(flow, &jpeg(SKIN), None).await;
        let body = heard.wait_for(1).await[0].2.clone();
        assert_eq!(body["result"], result, "{flow} {body}");
        let expected =
            json!({"partnerUserId": "u-0001", "partnerUserIdType": "KIOSK", "partnerSessionId": SESSION});
        assert_eq!(*asked.lock().unwrap(), [expected]);
    }
}

#[tokio::test]
async fn a_partner_that_does_not_know_us_gives_no_reference_picture() {
    let (heard, asked) = (Arc::new(Heard::default()), Arc::new(Mutex::default()));
    let mut reference = partner(jpeg(PAPER), Arc::clone(&asked)).await;
    reference.headers.clear();
    let target = CallbackTarget { url: listen(&heard).await, ..CallbackTarget::default() };
    let behaviour = Behaviour { callback: Some(target), reference: Some(reference), ..Behaviour::default() };
    let bench = Bench::start(behaviour, None).await;
    bench.submit("FACE_VERIFICATION", &jpeg(SKIN), None).await;
    let body = heard.wait_for(1).await[0].2.clone();
    assert_eq!(body["reasonCode"], "REFERENCE_IMAGE_VALIDATION_FAILED", "{body}");
    assert_eq!(asked.lock().unwrap().len(), 1);
}

/// Stands for the real reader, which is another crate's.
struct Words;

impl CardReader for Words {
    fn read(&self, picture: &[u8]) -> CardReading {
        if picture.len().is_multiple_of(2) {
            return CardReading::Unreadable;
        }
        CardReading::Card([("name".to_owned(), "CONTOH NAMA".to_owned())].into())
    }
}

#[tokio::test]
async fn a_reader_that_was_brought_along_decides() {
    let heard = Arc::new(Heard::default());
    let target = CallbackTarget { url: listen(&heard).await, ..CallbackTarget::default() };
    let behaviour = Behaviour { callback: Some(target), ..Behaviour::default() };
    let bench = Bench::start(behaviour, Some(Arc::new(Words))).await;
    let picture = jpeg(SKIN);
    for nth in 0..2 {
        // Whatever its colour: the reader's word counts. One byte more changes what this one says.
        let bytes = [picture.as_slice(), &vec![0; nth]].concat();
        bench.submit("KTP_SCAN", &bytes, None).await;
        let body = heard.wait_for(nth + 1).await[nth].2.clone();
        match bytes.len() % 2 {
            0 => assert_eq!(body["reasonCode"], "INVALID_DOCUMENT"),
            _ => assert_eq!(body["submissionDetails"]["ktpData"]["name"], "CONTOH NAMA"),
        }
    }
}

#[tokio::test]
async fn the_control_api_shows_rows_and_no_secret() {
    let bench = Bench::start(Behaviour::default(), None).await;
    bench.submit("KTP_SCAN", &jpeg(PAPER), None).await;
    let token = bench.partner_token().await;
    let control = |path: &str| format!("{}/onekyc/{path}", bench.server.control_url);
    let read = async |path: &str| -> Value {
        bench.http.get(control(path)).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(read("submissions").await["data"][0]["flow"], "KTP_SCAN");
    let account = bench.server.onekyc.account();
    for path in ["submissions", "callbacks", "requests", "faults", "behaviour"] {
        let text = read(path).await.to_string();
        for secret in [&token, &account.client_id, &account.pass_key, "X-Sim-Signature"] {
            assert!(!text.contains(secret), "{path}");
        }
    }
    let rule = json!({"rules": [{"endpoint": "uploadUrls", "kind": {"refusal":
        {"status": 429, "code": "429", "cause": "SUBMISSION_QUOTA_EXCEEDED"}}, "count": 1}]});
    let set = bench.http.put(control("faults")).json(&rule).send().await.unwrap();
    assert_eq!(set.status().as_u16(), 200);
    assert_eq!(read("faults").await["rules"][0]["endpoint"], "uploadUrls");
    bench.http.post(control("reset")).send().await.unwrap();
    assert_eq!(read("submissions").await["data"], json!([]));
}
