//! The command line's grammar.
//!
//! Invariant: no argument carries a secret, but a one-time code that its use spends. Deliberately absent: defaults that depend on the installation.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::exit;
use crate::lang::Lang;

/// Reads KTPs, signs and queues captures, sends them: Loket without a window.
#[derive(Parser)]
#[command(name = "loketctl", version, after_long_help = exit::HELP)]
pub struct Args {
    /// The folder that holds settings, queue and credentials [env: LOKET_DATA_DIR; default: the platform's]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Print results as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of messages [default: from LC_ALL, LC_MESSAGES or LANG]
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Lang>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Read pictures of KTPs; stores and sends nothing
    Scan(ScanArgs),
    /// Find faces in pictures: where, how held, doing what; stores and sends nothing
    Faces(FacesArgs),
    /// Read a card, sign what was read, and put it into the encrypted queue
    Capture(CaptureArgs),
    /// The partner's customers
    #[command(subcommand)]
    Customer(CustomerCommand),
    /// The encrypted queue
    #[command(subcommand)]
    Queue(QueueCommand),
    /// Send what waits in the queue
    Sync(SyncArgs),
    /// Measure the reader on a labelled set of pictures
    Eval(EvalArgs),
    /// Measure how well the software does its work
    #[command(subcommand)]
    Bench(BenchCommand),
    /// Run a stand-in for the partner's platform on this machine
    Simulate(SimulateArgs),
    /// Check that everything is in place, and say how to mend what is not
    Doctor,
    /// Do the whole job once with a synthetic card and a stand-in partner
    Demo(DemoArgs),
    /// The queue's master key
    #[command(subcommand)]
    Key(KeyCommand),
    /// The gateway's API key and the device's signing secret
    #[command(subcommand)]
    Secret(SecretCommand),
    /// The key that web pages must know to launch flows in the window
    #[command(subcommand)]
    LaunchKey(LaunchKeyCommand),
    /// Enrol this machine at the partner's backend with a one-time code
    Enrol(EnrolArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Arguments of `scan`.
#[derive(ClapArgs)]
pub struct ScanArgs {
    /// Pictures: JPEG, PNG, WebP or BMP
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Arguments of `faces`.
#[derive(ClapArgs)]
pub struct FacesArgs {
    /// Pictures: JPEG, PNG, WebP or BMP
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Arguments of `capture`.
#[derive(ClapArgs)]
pub struct CaptureArgs {
    /// A picture, or a folder of frames
    #[arg(value_name = "FILE|DIR")]
    pub path: PathBuf,
    /// The partner's id of the customer
    #[arg(long, value_name = "ID", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub customer: String,
    /// Light the frames with the challenge's colours, as if a screen faced the card (simulations only)
    #[arg(long)]
    pub simulated_light: bool,
}

/// What to do with customers.
#[derive(Subcommand)]
pub enum CustomerCommand {
    /// Make a customer at the partner's and print the id
    Create {
        /// Full name
        #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
        name: String,
        /// Our own name for the customer
        #[arg(long, value_name = "ID")]
        external_id: Option<String>,
    },
    /// Show a customer's KYC tier and checks
    Show {
        /// The partner's id of the customer
        id: String,
    },
}

/// States an item can be listed by.
#[derive(Clone, Copy, ValueEnum)]
pub enum StateArg {
    /// Not sent yet
    Waiting,
    /// Sent, answer unknown
    Sending,
    /// Receipt stored
    Delivered,
    /// Taken out of the line
    Parked,
}

/// What to do with the queue.
#[derive(Subcommand)]
pub enum QueueCommand {
    /// List the items
    List {
        /// Only those in this state
        #[arg(long, value_enum)]
        state: Option<StateArg>,
    },
    /// Show one item with its history and receipt
    Show {
        /// The item
        id: uuid::Uuid,
    },
    /// Put parked items back into the line, or make waiting ones due now
    Retry {
        /// The items
        #[arg(required = true, value_name = "ID")]
        ids: Vec<uuid::Uuid>,
    },
    /// Destroy captures that will never be sent; the audit trail stays
    Discard {
        /// The items
        #[arg(required = true, value_name = "ID")]
        ids: Vec<uuid::Uuid>,
        /// Do it: a destroyed capture cannot be brought back
        #[arg(long)]
        yes: bool,
    },
    /// Write items, receipts and audit trail as JSON lines (no captures, but customers' ids)
    Export {
        /// The file to write [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Arguments of `sync`.
#[derive(ClapArgs)]
pub struct SyncArgs {
    /// Work through what is due, then end (the default)
    #[arg(long, conflicts_with = "watch")]
    pub once: bool,
    /// Go on until interrupted
    #[arg(long)]
    pub watch: bool,
}

/// Arguments of `eval`.
#[derive(ClapArgs)]
pub struct EvalArgs {
    /// A folder with truth.json and the pictures it names
    pub dir: PathBuf,
    /// Also write a report with plots and the worst cases
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Keep pictures and values of the cards out of the report
    #[arg(long)]
    pub no_thumbnails: bool,
    /// Also write every answer beside its truth, as JSON lines (personal data, if the set holds any)
    #[arg(long, value_name = "FILE.jsonl")]
    pub details: Option<PathBuf>,
}

/// What to measure.
#[derive(Subcommand)]
pub enum BenchCommand {
    /// Play scripted scenes through analysis, guidance and reader: right hints, timely and right captures
    Guidance(GuidanceArgs),
    /// Let invented people and scripted attacks sit for a selfie: who is taken for living, by group and kind of attack
    Liveness(LivenessArgs),
    /// Make a benchmark of synthetic cards, and let other readers read the same pictures beside ours
    Ktp(KtpArgs),
    /// Make a benchmark of genuine and tampered synthetic cards: what each tamper signal catches, and whom it suspects wrongly
    Tamper(TamperArgs),
}

/// Arguments of `bench tamper`.
#[derive(ClapArgs)]
pub struct TamperArgs {
    /// Cards of each attack and severity; there are twice as many genuine ones
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub cards: u32,
    /// What cards, attacks and pictures are drawn from; thresholds were chosen on 1
    #[arg(long, default_value_t = 2, value_name = "S")]
    pub seed: u64,
    /// Where the pictures are kept [default: a folder in the user's cache]
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Judge this group alone, beside the genuine cards
    #[arg(long, value_name = "GROUP", conflicts_with = "write_docs")]
    pub only: Option<String>,
    /// Also write a report with ROC curves
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Also write the tables into docs/benchmarks.md, between its two marks
    #[arg(long)]
    pub write_docs: bool,
}

/// A reader that ours is measured against.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PeerArg {
    /// RapidOCR (PP-OCR), from the Python package index
    Rapidocr,
    /// Tesseract 5, from Debian
    Tesseract,
    /// Nobody: ours alone
    None,
}

/// Arguments of `bench ktp`.
#[derive(ClapArgs)]
pub struct KtpArgs {
    /// Cards of each severity; other groups have a quarter or half as many
    #[arg(long, default_value_t = 40, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=2000))]
    pub cards: u32,
    /// What cards and pictures are drawn from
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// Where the pictures are kept [default: a folder in the user's cache]
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Who else reads, separated by commas
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "rapidocr,tesseract",
        value_name = "PEERS"
    )]
    pub peers: Vec<PeerArg>,
    /// Also write a report with plots and our worst cases
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Also write the tables into docs/benchmarks.md, between its two marks
    #[arg(long)]
    pub write_docs: bool,
}

/// Arguments of `bench guidance`.
#[derive(ClapArgs)]
pub struct GuidanceArgs {
    /// How many scripts to play
    #[arg(long, default_value_t = 200, value_name = "N")]
    pub scripts: usize,
    /// What the scripts are drawn from
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// Play this script alone and tell of every frame
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["scripts", "json"])]
    pub trace: Option<usize>,
}

/// Arguments of `bench liveness`.
#[derive(ClapArgs)]
pub struct LivenessArgs {
    /// How many sitters; each sits in every light and is attacked in every way, with flash and without
    #[arg(long, default_value_t = 30, value_name = "N")]
    pub sitters: usize,
    /// Play this kind of attack alone, as it is called in the results, or `honest` people alone
    #[arg(long, value_name = "KIND")]
    pub only: Option<String>,
    /// What gestures, colours and movements are drawn from
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// The sitters' folder
    #[arg(long, default_value = "tests/data/sitters", value_name = "DIR")]
    pub folder: PathBuf,
}

/// Arguments of `simulate`.
#[derive(ClapArgs)]
pub struct SimulateArgs {
    /// Loopback address to listen on
    #[arg(long, default_value = "127.0.0.1:7410")]
    pub bind: SocketAddr,
    /// Point this data folder's settings and credentials at the simulator
    #[arg(long)]
    pub write_config: bool,
    /// Forget everything when it ends, instead of keeping it in the data folder
    #[arg(long)]
    pub memory: bool,
}

/// Arguments of `demo`.
#[derive(ClapArgs)]
pub struct DemoArgs {
    /// Do it in the terminal, without a window (the only way here; the window is the application's)
    #[arg(long)]
    pub headless: bool,
    /// The recorded capture to use [default: the one that comes with the software]
    #[arg(long, value_name = "DIR")]
    pub capture: Option<PathBuf>,
    /// The recorded selfie to use [default: the one that comes with the sources]
    #[arg(long, value_name = "DIR")]
    pub selfie: Option<PathBuf>,
    /// The invented people to choose from [default: those that come with the sources]
    #[arg(long, value_name = "DIR")]
    pub sitters: Option<PathBuf>,
    /// The partner whose stand-in is spoken to
    #[arg(long, value_enum, default_value_t = ProviderArg::IdentityPlatform)]
    pub provider: ProviderArg,
    /// What OneKYC is asked for
    #[arg(long, value_enum, default_value_t = FlowArg::KtpScan)]
    pub flow: FlowArg,
    /// OneKYC calls nobody back: the partner's backend looks by itself
    #[arg(long)]
    pub no_callbacks: bool,
    /// The backend's program [default: loket-backend beside this program]
    #[arg(long, value_name = "FILE")]
    pub backend: Option<PathBuf>,
}

/// Arguments of `enrol`.
#[derive(ClapArgs)]
pub struct EnrolArgs {
    /// The backend's address
    #[arg(long, value_name = "URL")]
    pub backend: String,
    /// The one-time code that the operator gave out; it is worth nothing once used
    #[arg(long, value_name = "XXXX-XXXX-XXXX-XXXX")]
    pub code: String,
    /// Keep the key as a file for this user alone instead of in the keyring
    #[arg(long)]
    pub file: bool,
    /// In place of an enrolment that stands
    #[arg(long)]
    pub replace: bool,
}

/// Which partner.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProviderArg {
    /// One signed capture, in this process
    IdentityPlatform,
    /// Presigned uploads in steps; the stand-in and the partner's backend are processes of their own
    Onekyc,
}

/// Which of OneKYC's flows.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FlowArg {
    /// Reading of the card
    KtpScan,
    /// A selfie, judged to be live
    SelfieLiveness,
    /// Card and selfie together
    IdentityVerification,
}

/// What to do with the master key.
#[derive(Subcommand)]
pub enum KeyCommand {
    /// Make a new key file for this user alone; name it in LOKET_KEY_FILE afterwards
    Create {
        /// The file; must not exist
        file: PathBuf,
    },
}

/// Which secret.
#[derive(Clone, Copy, ValueEnum)]
pub enum SecretArg {
    /// The gateway's API key
    ApiKey,
    /// The device's signing secret
    DeviceSecret,
}

/// What to do with secrets.
#[derive(Subcommand)]
pub enum SecretCommand {
    /// Store a secret read from standard input in the keyring, or in the data folder with --file
    Set {
        /// Which
        name: SecretArg,
        /// Store it as a file for this user alone instead
        #[arg(long)]
        file: bool,
    },
}

/// What to do with the key of web pages.
#[derive(Subcommand)]
pub enum LaunchKeyCommand {
    /// Make a new key, keep it, and print it once for the pages' server; one made before is good no more
    Create {
        /// Keep it as a file in the data folder instead of the keyring
        #[arg(long)]
        file: bool,
    },
}
