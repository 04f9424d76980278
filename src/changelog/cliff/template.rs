//! One part of a changelog as a Tera template.

use std::error::Error as _;

use tera::{
    Context, Tera,
    ast::{Expr, Node},
};

use super::{Cliff, CliffError, Processor, filters};

/// A compiled template.
pub(super) struct Template {
    name: &'static str,
    text: String,
    tera: Tera,
}

impl Template {
    /// Compiles `text`; with `trim`, its lines lose the white space around them first.
    pub(super) fn compile(
        name: &'static str,
        text: &str,
        config: &Cliff,
    ) -> Result<Self, CliffError> {
        let text = if config.trim {
            text.lines().map(str::trim).collect::<Vec<_>>().join("\n")
        } else {
            text.to_owned()
        };
        let mut tera = Tera::default();
        filters::register(&mut tera);
        tera.add_raw_template(name, &text)
            .map_err(|source| failure(name, source))?;
        Ok(Self { name, text, tera })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn render(
        &self,
        context: &Context,
        postprocessors: &[Processor],
    ) -> Result<String, CliffError> {
        let text = self
            .tera
            .render(self.name, context)
            .map_err(|source| failure(self.name, source))?;
        Ok(Processor::apply(postprocessors, text))
    }

    /// Whether what it renders depends on the context.
    pub(super) fn has_variables(&self) -> bool {
        self.tera.templates.get(self.name).is_some_and(|template| {
            let macros = template.macros.values();
            in_nodes(&template.ast) || macros.into_iter().any(|m| in_nodes(&m.body))
        })
    }
}

fn in_nodes(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::VariableBlock(_, expression) => in_expression(expression),
        Node::FilterSection(_, section, _) => in_nodes(&section.body),
        Node::Block(_, block, _) => in_nodes(&block.body),
        Node::MacroDefinition(_, definition, _) => in_nodes(&definition.body),
        Node::Forloop(_, each, _) => {
            in_expression(&each.container)
                || in_nodes(&each.body)
                || each.empty_body.as_deref().is_some_and(in_nodes)
        }
        Node::If(branches, _) => {
            let mut conditions = branches.conditions.iter();
            conditions.any(|(_, condition, body)| in_expression(condition) || in_nodes(body))
                || branches
                    .otherwise
                    .as_ref()
                    .is_some_and(|(_, body)| in_nodes(body))
        }
        _ => false,
    })
}

/// Tera's tree has a dozen kinds of expression; its debug form names every identifier in them.
fn in_expression(expression: &Expr) -> bool {
    format!("{expression:?}").contains("Ident(")
}

fn failure(part: &'static str, source: tera::Error) -> CliffError {
    let mut reason = source.to_string();
    let mut cause = source.source();
    while let Some(inner) = cause {
        reason = inner.to_string();
        cause = inner.source();
    }
    CliffError::Template {
        part,
        reason,
        source: Box::new(source),
    }
}
