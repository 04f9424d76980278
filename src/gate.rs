//! The gate: the only maker of a [`Ready`].
//!
//! It trusts no header, no flag and no digest that it is given. It reads the report, derives it
//! again from the files, the policy and git as they are now, hashing every file itself, and only
//! when the bytes agree and say "ready" does it seal.

use camino::Utf8Path;

use crate::{
    context::Context,
    digest::{Identity, InvalidPath, PublicPath},
    evidence::{self, Candidate, Comparison, Facts, Ready, Report, ReportError},
    finding::Finding,
    gather::{self, GatherError},
    world::fs::{self, FileError},
};

/// The gate stays closed.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum GateError {
    /// The candidate does not hold.
    #[error("{tag} is not ready: {}", count(.blockers, "blocker"))]
    #[diagnostic(
        code("gate.not_ready"),
        help("clear what is named above, then run `relkit candidate` again")
    )]
    NotReady {
        /// The release.
        tag: String,
        /// What keeps it.
        blockers: Vec<Finding>,
    },
    /// There is no report.
    #[error("there is no candidate report at `{path}`")]
    #[diagnostic(code("gate.no_report"), help("run `relkit candidate` first"))]
    NoReport {
        /// Where one was looked for.
        path: String,
    },
    /// The world is no longer what the report says.
    #[error("the report no longer holds: {}", count(.findings, "difference"))]
    #[diagnostic(
        code("gate.moved_on"),
        help("if the change is meant, run `relkit candidate` again; else put back what the report binds")
    )]
    MovedOn {
        /// What differs.
        findings: Vec<Finding>,
    },
    /// Something is not published.
    #[error("{} not published: {}", are(.missing), .missing.join(", "))]
    #[diagnostic(code("gate.not_published"), help("run `relkit publish`; it goes on where it stopped"))]
    NotPublished {
        /// What.
        missing: Vec<String>,
    },
    /// The report cannot be what relkit writes.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Report(#[from] ReportError),
    /// The facts could not be had.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Gather(#[from] GatherError),
    /// A file refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileError),
    /// The report stands at a place that cannot be named.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Path(#[from] InvalidPath),
}

fn count(findings: &[Finding], what: &str) -> String {
    match findings.len() {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}

fn are(missing: &[String]) -> String {
    match missing.len() {
        1 => "1 thing is".to_owned(),
        n => format!("{n} things are"),
    }
}

impl GateError {
    /// What keeps the gate closed.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::NotReady { blockers, .. } => blockers,
            Self::MovedOn { findings } => findings,
            _ => &[],
        }
    }

    /// The exit code, where the findings decide it.
    #[must_use]
    pub fn exit_code(&self) -> Option<u8> {
        match self {
            Self::NotReady { blockers, .. } => Some(evidence::exit_code(blockers)),
            _ => None,
        }
    }
}

/// Judges the repository as it is now.
pub fn judge(ctx: &Context) -> Result<Candidate, GateError> {
    let mut facts = gather::candidate::facts(ctx)?;
    gather::candidate::recheck(ctx, &mut facts);
    Ok(evidence::evaluate(&facts))
}

/// What a check of a report found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Whether the report says so.
    pub ready: bool,
    /// What is worth knowing, and no reason to refuse.
    pub notes: Vec<String>,
}

/// Derives the report at `path` again and compares, byte for byte.
pub fn check(ctx: &Context, path: &Utf8Path) -> Result<Checked, GateError> {
    let regenerated = Regenerated::new(ctx, path)?;
    Ok(Checked {
        ready: regenerated.candidate.is_ready(),
        notes: regenerated.notes,
    })
}

/// Opens for the report at `path`, if it is ready and everything is still what it binds.
pub fn open(ctx: &Context, path: &Utf8Path) -> Result<Ready, GateError> {
    let regenerated = Regenerated::new(ctx, path)?;
    let candidate = regenerated.candidate;
    if !candidate.is_ready() {
        return Err(GateError::NotReady {
            tag: candidate.release().tag.clone(),
            blockers: candidate.blockers().to_vec(),
        });
    }
    Ok(Ready::seal(regenerated.identity, &candidate))
}

struct Regenerated {
    identity: Identity,
    candidate: Candidate,
    notes: Vec<String>,
}

impl Regenerated {
    fn new(ctx: &Context, path: &Utf8Path) -> Result<Self, GateError> {
        let place = ctx.root.join(path);
        let Some(bytes) = fs::read_optional(&place)? else {
            return Err(GateError::NoReport {
                path: path.to_string(),
            });
        };
        let report = Report::read(&bytes)?;
        let mut facts = gather::candidate::facts(ctx)?;
        gather::candidate::recheck(ctx, &mut facts);
        let candidate = again(facts, &report);
        let seen = place.strip_prefix(&ctx.root).unwrap_or(&place);
        let identity = Identity::of(PublicPath::new(seen.as_str().replace('\\', "/"))?, &bytes);
        match evidence::compare(&report, &candidate) {
            Comparison::Same { notes } => Ok(Self {
                identity,
                candidate,
                notes,
            }),
            Comparison::MovedOn(findings) => Err(GateError::MovedOn { findings }),
            Comparison::Forged(error) => Err(error.into()),
        }
    }
}

/// Judges the world now, with the two values that the report states about its own making.
fn again(mut facts: Facts, report: &Report) -> Candidate {
    facts.generated_at = report.generated_at();
    facts.tool = report.tool().clone();
    evidence::evaluate(&facts)
}
