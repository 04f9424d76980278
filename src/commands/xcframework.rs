//! `relkit xcframework`

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;

use super::{DryRun, show_or_apply};
use crate::{
    Result,
    apply::Clearance,
    context::Context,
    digest::PublicPath,
    gather,
    plan::{ArchiveStyle, ArtifactStep, Plan, Step},
    ui::Ui,
    world::fs,
    xcframework,
};

/// The first moment that an archive can name: 1980-01-01.
const FIRST_DATE: Timestamp = Timestamp::constant(315_532_800, 0);

/// Package XCFrameworks for the Swift package manager
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    Package(PackageArgs),
}

/// Make the archive of a framework and its checksum: the same tree gives the same bytes
///
/// Links stay links, every member bears the date `SOURCE_DATE_EPOCH` or 1980-01-01, and what the Finder leaves behind is left out. The checksum is on stdout and in X.xcframework.sha256, as `sha256sum --check` reads it.
#[derive(clap::Args, Debug)]
pub struct PackageArgs {
    /// The .xcframework directory
    framework: Utf8PathBuf,
    /// The archive [default: X.xcframework.zip beside it]
    #[arg(long, short, value_name = "ZIP")]
    output: Option<Utf8PathBuf>,
    /// How hard to compress, 1 to 9
    #[arg(long, value_name = "N", default_value = "6", value_parser = clap::value_parser!(u32).range(1..=9))]
    level: u32,
    #[command(flatten)]
    dry_run: DryRun,
}

impl PackageArgs {
    /// `relkit xcframework package FRAMEWORK -o ZIP`.
    pub(super) fn new(framework: String, zip: &str) -> Self {
        Self {
            framework: framework.into(),
            output: Some(zip.into()),
            level: 6,
            dry_run: DryRun::default(),
        }
    }
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    match &args.command {
        Command::Package(args) => package(ctx, ui, args),
    }
}

/// `relkit xcframework package`.
pub fn package(ctx: &Context, ui: &Ui, args: &PackageArgs) -> Result<()> {
    let public =
        |path: &Utf8Path| -> Result<PublicPath> { Ok(PublicPath::new(ctx.within(path)?)?) };
    let facts = gather::framework::facts(ctx, &public(&args.framework)?)?;
    let to = args.output.as_deref().map(public).transpose()?;
    let style = ArchiveStyle {
        date: ctx.source_date()?.unwrap_or(FIRST_DATE),
        level: args.level,
    };
    let plan = xcframework::plan(&facts, to, style)?;
    if show_or_apply(ctx, ui, (&plan, args.dry_run), Clearance::None)?.is_some() {
        ui.text(&sums(ctx, &plan)?);
    }
    Ok(())
}

/// What the checksum's file says.
fn sums(ctx: &Context, plan: &Plan) -> Result<String> {
    let mut text = String::new();
    for step in &plan.steps {
        if let Step::Artifact(ArtifactStep::PackageFramework { to, .. }) = step {
            let path = ctx.root.join(xcframework::sums_path(to.as_str()));
            text += &fs::read_text(&path)?.unwrap_or_default();
        }
    }
    Ok(text)
}
