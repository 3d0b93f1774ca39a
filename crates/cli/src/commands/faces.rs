//! `faces`: find faces in pictures, say what they do and how good their picture is; stores and sends nothing.
//!
//! Invariant: one file's trouble never keeps the others from being looked at. With `--json`, one object a line and file,
//! in the order of the arguments.

use std::path::Path;
use std::time::Instant;

use engine::picture;
use frame::Frame;
use inference::ModelSource;
use liveness::{Face, FaceReader, Oval};
use serde::Serialize;

use crate::args::FacesArgs;
use crate::exit::Exit;
use crate::explain;
use crate::lang::Lang;
use crate::terminal::Terminal;

#[derive(Serialize)]
struct FacesView {
    file: String,
    faces: Vec<FaceView>,
    quality: Option<QualityView>,
    passive: Option<f32>,
    ms: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FaceView {
    /// Left, top, width, height.
    #[serde(rename = "box")]
    bounds: [f32; 4],
    score: f32,
    points: [[f32; 2]; 5],
    yaw: f32,
    pitch: f32,
    roll: f32,
    eyes_open: f32,
    mouth_open: f32,
    smile: f32,
    covered: f32,
}

/// Of the first face.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QualityView {
    height_share: f32,
    right_of_oval: f32,
    below_oval: f32,
    brightness: f32,
    surroundings: f32,
    contrast: f32,
    sharpness: f32,
}

#[derive(Serialize)]
struct UnreadableView {
    file: String,
    error: &'static str,
}

/// Looks at the files one after the other.
pub fn run(args: &FacesArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let reader = FaceReader::load(&ModelSource::from_env())?;
    let mut exit = Exit::Done;
    for file in &args.files {
        exit = exit.and(look(&reader, file, terminal)?);
    }
    Ok(exit)
}

fn look(reader: &FaceReader, file: &Path, terminal: &Terminal) -> anyhow::Result<Exit> {
    let name = file.display().to_string();
    let picture = match picture::open(file) {
        Ok(picture) => picture,
        Err(error) => {
            let told = explain::picture(&error, terminal.lang);
            terminal.emit(&UnreadableView { file: name, error: told.code })?;
            terminal.say(&told.text);
            return Ok(told.exit);
        }
    };
    let started = Instant::now();
    let mut faces = reader.study(&picture)?;
    faces.sort_by(|a, b| b.bounds.area().total_cmp(&a.bounds.area()));
    let passive = faces.first().map(|face| reader.passive(&picture, face)).transpose()?;
    let view = FacesView {
        quality: faces.first().map(|face| quality(&picture, face)),
        faces: faces.iter().map(face_view).collect(),
        passive: passive.map(hundredths),
        ms: (started.elapsed().as_secs_f64() * 1e4).round() / 10.0,
        file: name,
    };
    terminal.say(sentence(&view, terminal.lang));
    terminal.emit(&view)?;
    Ok(Exit::Done)
}

fn sentence(view: &FacesView, lang: Lang) -> String {
    let count = view.faces.len();
    let Some(face) = view.faces.first() else {
        return match lang {
            Lang::Id => format!("{}: tidak ada wajah", view.file),
            Lang::En => format!("{}: no face", view.file),
        };
    };
    let [_, _, width, height] = face.bounds;
    let (yaw, pitch) = (face.yaw.round(), face.pitch.round());
    match lang {
        Lang::Id => format!(
            "{}: {count} wajah; yang terbesar {width:.0}×{height:.0} px, menoleh {yaw}°, mendongak {pitch}°, mata terbuka {:.0} %",
            view.file,
            face.eyes_open * 100.0
        ),
        Lang::En => format!(
            "{}: {count} face(s); the largest {width:.0}×{height:.0} px, yaw {yaw}°, pitch {pitch}°, eyes open {:.0} %",
            view.file,
            face.eyes_open * 100.0
        ),
    }
}

fn face_view(face: &Face) -> FaceView {
    let b = face.bounds;
    FaceView {
        bounds: [b.x, b.y, b.width, b.height].map(tenths),
        score: hundredths(face.score),
        points: face.points.map(|point| [tenths(point.x), tenths(point.y)]),
        yaw: tenths(face.pose.yaw),
        pitch: tenths(face.pose.pitch),
        roll: tenths(face.pose.roll),
        eyes_open: thousandths(face.expression.eyes_open),
        mouth_open: thousandths(face.expression.mouth_open),
        smile: thousandths(face.expression.smile),
        covered: thousandths(face.expression.covered),
    }
}

fn quality(picture: &Frame, face: &Face) -> QualityView {
    let measured = liveness::measure(picture, face, &Oval::default());
    QualityView {
        height_share: hundredths(measured.height),
        right_of_oval: hundredths(measured.offset.0),
        below_oval: hundredths(measured.offset.1),
        brightness: hundredths(measured.brightness),
        surroundings: hundredths(liveness::surroundings(picture, Some(&face.bounds))),
        contrast: hundredths(measured.contrast),
        sharpness: hundredths(measured.sharpness),
    }
}

fn tenths(value: f32) -> f32 {
    (value * 10.0).round() / 10.0
}

fn hundredths(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

fn thousandths(value: f32) -> f32 {
    (value * 1000.0).round() / 1000.0
}
