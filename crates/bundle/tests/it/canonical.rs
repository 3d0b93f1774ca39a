//! Canonical text against the vectors RFC 8785 publishes, and the golden signature of the default profile.

use bundle::SigningProfile;
use secrecy::SecretString;
use serde_json::{Value, json};

fn canonical(document: &Value) -> String {
    SigningProfile::JCS_HEX_V1.canonical(document).expect("plain JSON")
}

fn check(input: &str, expected: &str) {
    let document: Value = serde_json::from_str(input).expect("JSON");
    assert_eq!(canonical(&document), expected);
}

/// RFC 8785, appendix B.
#[test]
fn numbers_are_written_as_the_rfc_samples() {
    for (bits, expected) in [
        (0x0000_0000_0000_0000, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] {
        assert_eq!(canonical(&json!(f64::from_bits(bits))), expected, "{bits:016x}");
    }
    for not_finite in [f64::NAN, f64::INFINITY] {
        assert!(SigningProfile::JCS_HEX_V1.canonical(&not_finite).is_err());
    }
}

/// RFC 8785, section 3.2.2 and its result in 3.2.3.
#[test]
fn the_rfcs_first_example() {
    check(
        r#"{
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
          "literals": [null, true, false]
        }"#,
        r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#,
    );
}

/// RFC 8785, section 3.2.3: by UTF-16 code units, which is neither UTF-8 nor code point order.
#[test]
fn keys_sort_by_utf16() {
    let input = r#"{
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"
    }"#;
    let expected = concat!(
        r#"{"\r":"Carriage Return","1":"One","#,
        "\"\u{80}\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",",
        "\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
    );
    check(input, expected);
}

/// The test data the RFC's authors publish beside it.
#[test]
fn the_rfcs_test_data() {
    check(
        r#"{"peach": "This sorting order", "péché": "is wrong according to French", "pêche": "but canonicalization MUST", "sin": "ignore locale"}"#,
        r#"{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}"#,
    );
    check(r#"[56, {"d": true, "10": null, "1": []}]"#, r#"[56,{"1":[],"10":null,"d":true}]"#);
    check(
        r#"{"1": {"f": {"f": "hi", "F": 5}, " ": 56.0}, "10": {}, "": "empty", "a": {}, "111": [{"e": "yes", "E": "no"}], "A": {}}"#,
        r#"{"":"empty","1":{" ":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}"#,
    );
    check(r#"{"Unnormalized Unicode": "A\u030a"}"#, "{\"Unnormalized Unicode\":\"A\u{30a}\"}");
    check(
        r#"{"\u20ac": "Euro Sign", "\u000a": "Newline", "\u0080": "Control\u007f", "</script>": "Browser Challenge"}"#,
        "{\"\\n\":\"Newline\",\"</script>\":\"Browser Challenge\",\"\u{80}\":\"Control\u{7f}\",\"€\":\"Euro Sign\"}",
    );
}

#[test]
fn the_golden_signature() {
    let document = json!({
        "version": "1.0", "sdkVersion": "kyc-kiosk-desktop@0.1.0", "platform": "web",
        "frames": ["/9j/4AAQ"], "capturedAt": "2026-09-01T03:00:20.481Z",
        "flashChallengeNonce": "b1f0c2aa-0000-4000-8000-000000000001",
        "flashSamples": [{"tMs": 100, "meanR": 231, "meanG": 32, "meanB": 30}],
        "ocrFields": {"nik": "3174095207900000", "fullName": "CONTOH NAMA"},
        "ocrConfidence": {"nik": 0.99, "fullName": 0.94},
    });
    let secret = SecretString::from("qe_whsec_EXAMPLEONLY");
    let text = concat!(
        r#"{"capturedAt":"2026-09-01T03:00:20.481Z","flashChallengeNonce":"b1f0c2aa-0000-4000-8000-000000000001","#,
        r#""flashSamples":[{"meanB":30,"meanG":32,"meanR":231,"tMs":100}],"frames":["/9j/4AAQ"],"#,
        r#""ocrConfidence":{"fullName":0.94,"nik":0.99},"#,
        r#""ocrFields":{"fullName":"CONTOH NAMA","nik":"3174095207900000"},"#,
        r#""platform":"web","sdkVersion":"kyc-kiosk-desktop@0.1.0","version":"1.0"}"#,
    );
    assert_eq!(canonical(&document), text);
    let signature = SigningProfile::JCS_HEX_V1.sign(&document, &secret).expect("plain JSON");
    assert_eq!(signature, "7672e0d25e5a1cd398fda9d3479abf0e35e424e1d601255a6f29a1b8fd640aaa");
}
