//! Markdown as prose and commands. Put together again, the parts are the text.

/// A piece of the text. `raw` is what stands there, up to an output.
pub(crate) enum Part {
    /// Nothing to run.
    Prose(String),
    /// A block that is shown only: its name and its text.
    Ignored(String, String),
    /// Commands without shown output.
    Script { raw: String, script: String },
    /// A command and the output that is shown.
    Command {
        raw: String,
        script: String,
        output: String,
    },
}

impl Part {
    /// The text of the part, without the output of a command.
    pub(crate) fn raw(&self) -> &str {
        match self {
            Self::Prose(raw)
            | Self::Ignored(_, raw)
            | Self::Script { raw, .. }
            | Self::Command { raw, .. } => raw,
        }
    }
}

/// Cuts `text` into parts.
pub(crate) fn parse(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        parts.push(Part::Prose(line.to_owned()));
        let language = line.trim_end().strip_prefix("```");
        let end = if language.is_some() { "```" } else { "-->" };
        let words: Vec<_> = language.unwrap_or_default().split_whitespace().collect();
        let kind = match words.as_slice() {
            _ if line.trim_end() == "<!-- test" => "sh",
            [language, name] if name.starts_with("ignore=") && is_shell(language) => {
                name.trim_start_matches("ignore=")
            }
            [language] if is_shell(language) => language,
            [_, ..] => "",
            [] if language.is_some() => "",
            [] => continue,
        };
        let mut body = String::new();
        let mut closing = None;
        for line in lines.by_ref() {
            if line.trim_end() == end {
                closing = Some(line);
                break;
            }
            body.push_str(line);
        }
        match kind {
            "" => parts.push(Part::Prose(body)),
            "console" => console(&body, &mut parts),
            "sh" => parts.push(Part::Script {
                script: format!("set -e\n{body}"),
                raw: body,
            }),
            name => parts.push(Part::Ignored(name.to_owned(), body)),
        }
        parts.extend(closing.map(|line| Part::Prose(line.to_owned())));
    }
    parts
}

fn is_shell(language: &str) -> bool {
    ["console", "sh", "bash", "shell"].contains(&language)
}

fn console(body: &str, parts: &mut Vec<Part>) {
    for line in body.split_inclusive('\n') {
        let command = line.strip_prefix("$ ");
        match parts.last_mut() {
            Some(Part::Command {
                raw,
                script,
                output,
            }) if command.is_none() => {
                match line.strip_prefix("> ").filter(|_| output.is_empty()) {
                    Some(more) => {
                        raw.push_str(line);
                        script.push_str(more);
                    }
                    None => output.push_str(line),
                }
            }
            _ => parts.push(Part::Command {
                raw: line.to_owned(),
                script: command
                    .unwrap_or("false # a block begins with `$ `\n")
                    .to_owned(),
                output: String::new(),
            }),
        }
    }
}
