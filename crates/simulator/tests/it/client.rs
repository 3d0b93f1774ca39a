//! A plain HTTP client and hand-made requests.
//! Invariant: bundles are signed here with this file's own code. Deliberately lacks convenience for product code.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use image::{ImageFormat, Rgb, RgbImage};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use sha2::Sha256;
use simulator::{Running, Settings, SimulatorConfig};

pub const DEVICE_SECRET: &str = "qe_whsec_TESTDEVICE";

/// A server with one customer.
pub struct Bench {
    pub server: Running,
    pub customer: String,
    pub http: reqwest::Client,
}

/// An answer, read whole.
pub struct Got {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Bench {
    pub async fn start(settings: Settings) -> Self {
        let server = simulator::start(SimulatorConfig {
            device_secrets: vec![DEVICE_SECRET.to_owned()],
            webhook_retry_s: vec![0, 0],
            settings,
            ..SimulatorConfig::default()
        })
        .await
        .unwrap();
        let customer = server.add_customer("Contoh Nama").unwrap();
        // The server installed a TLS provider; without one no client can be built, even for plain HTTP.
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { server, customer, http }
    }

    pub async fn post(&self, path: &str, body: &Value) -> Got {
        let request = self.http.post(format!("{}{path}", self.server.base_url)).json(body);
        read(request.bearer_auth(&self.server.api_key).send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Got {
        let request = self.http.get(format!("{}{path}", self.server.base_url));
        read(request.bearer_auth(&self.server.api_key).send().await.unwrap()).await
    }

    pub async fn control(&self, method: reqwest::Method, path: &str, body: &Value) -> Got {
        let request = self.http.request(method, format!("{}{path}", self.server.control_url)).json(body);
        read(request.send().await.unwrap()).await
    }

    pub async fn challenge(&self) -> Value {
        let body = json!({"customerId": self.customer, "steps": 5, "ttlMs": 90_000});
        let got = self.post("/api/identity/document/ktp/challenge", &body).await;
        assert_eq!(got.status, 200, "{}", got.body);
        got.body["flashChallenge"].clone()
    }

    pub async fn capture(&self, bundle: Value, secret: &str) -> Got {
        self.post("/api/identity/document/ktp/capture", &signed(&self.customer, bundle, secret)).await
    }
}

pub async fn read(answer: reqwest::Response) -> Got {
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = answer.json().await.unwrap_or(Value::Null);
    Got { status, headers, body }
}

/// The request for a bundle, signed over its canonical form.
pub fn signed(customer: &str, mut bundle: Value, secret: &str) -> Value {
    let canonical = serde_json_canonicalizer::to_vec(&bundle).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(&canonical);
    bundle["signature"] = json!(hex::encode(mac.finalize().into_bytes()));
    json!({"customerId": customer, "hmacKey": secret, "bundle": bundle})
}

/// A bundle without flash evidence whose fields agree.
pub fn bundle(picture: &RgbImage) -> Value {
    json!({
        "version": "1.0", "sdkVersion": "test@0.1.0", "platform": "web", "frames": [base64_jpeg(picture)],
        "capturedAt": "2026-09-01T03:00:20.481Z",
        "ocrFields": {"nik": "3174095207900000", "fullName": "CONTOH NAMA", "dateOfBirth": "1990-07-12",
                      "gender": "PEREMPUAN", "rtRw": "001/002", "religion": "ISLAM", "nationality": "WNI"},
        "ocrConfidence": {"nik": 0.99, "fullName": 0.94},
    })
}

/// The bundle with the reflection of a challenge's colours, `share` of them coming back.
pub fn with_flash(mut bundle: Value, challenge: &Value, share: f64) -> Value {
    let mut start_ms = 0;
    let mut samples = Vec::new();
    for (color, hold) in
        challenge["colors"].as_array().unwrap().iter().zip(challenge["holdMs"].as_array().unwrap())
    {
        let hold_ms = hold.as_u64().unwrap();
        let rgb = hex::decode(&color.as_str().unwrap()[1..]).unwrap();
        let level = |channel: usize| (80.0 + share * f64::from(rgb[channel])).round() as u64;
        samples.push(json!({
            "tMs": start_ms + hold_ms * 7 / 10, "meanR": level(0), "meanG": level(1), "meanB": level(2)
        }));
        start_ms += hold_ms;
    }
    bundle["flashChallengeNonce"] = challenge["nonce"].clone();
    bundle["flashSamples"] = json!(samples);
    bundle
}

/// Something card-like: blue paper, lines of dark strokes 3 px wide at uneven distances, a red portrait, grain.
pub fn card() -> RgbImage {
    let mut rng = StdRng::seed_from_u64(1);
    let mut picture = RgbImage::from_fn(640, 400, |x, y| {
        let portrait = (460..600).contains(&x) && (90..270).contains(&y);
        let grain = rng.random_range(0..9_u8);
        if portrait { Rgb([165 + grain, 60, 60 + grain]) } else { Rgb([150 + grain, 186 + grain, 212]) }
    });
    for line in 0..11 {
        let top = 55 + line * 27 + rng.random_range(0..9);
        let mut x = 60 + rng.random_range(0..9);
        while x < 420 {
            let (above, below) = (rng.random_range(0..4), rng.random_range(9..14));
            for (dx, dy) in (0..3).flat_map(|dx| (above..below).map(move |dy| (dx, dy))) {
                picture.put_pixel(x + dx, top + dy, Rgb([40, 44, 52]));
            }
            x += rng.random_range(7..19);
        }
    }
    image::imageops::blur(&picture, 0.7)
}

/// The same card as a grey copy.
pub fn photocopy() -> RgbImage {
    let grey = image::imageops::grayscale(&card());
    RgbImage::from_fn(grey.width(), grey.height(), |x, y| Rgb([grey.get_pixel(x, y).0[0]; 3]))
}

/// The same card on a screen: a grid of pitch 2.7 px over everything.
pub fn screen() -> RgbImage {
    let mut picture = card();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let wave = ((f64::from(x) + 0.04 * f64::from(y)) * std::f64::consts::TAU / 2.7).sin();
        pixel.0 = pixel.0.map(|level| (f64::from(level) * (1.0 + 0.12 * wave)) as u8);
    }
    picture
}

pub fn base64_jpeg(picture: &RgbImage) -> String {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    STANDARD.encode(bytes.into_inner())
}
