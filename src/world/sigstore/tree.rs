//! A Merkle tree (RFC 6962, 2.1) that grows: every whole subtree is hashed once and kept.

use crate::digest::Digest;

/// The tree over the leaves so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    /// `levels[0]` are the leaves; `levels[k][n]` is the root of the whole subtree over the leaves
    /// from `n << k` on, `1 << k` of them.
    levels: Vec<Vec<Digest>>,
}

impl Tree {
    /// How many leaves it has.
    pub(super) fn size(&self) -> usize {
        self.levels.first().map_or(0, Vec::len)
    }

    /// Adds the entry `body`, and answers its index.
    pub(super) fn push(&mut self, body: &[u8]) -> usize {
        let mut hash = Digest::of(&[&[0], body].concat());
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let nodes = &mut self.levels[level];
            nodes.push(hash);
            if nodes.len() % 2 == 1 {
                break;
            }
            hash = node(nodes[nodes.len() - 2], hash);
        }
        self.size() - 1
    }

    /// The root over the first `size` leaves.
    pub(super) fn root(&self, size: usize) -> Digest {
        if size == 0 {
            return Digest::of(b"");
        }
        self.range(0, size)
    }

    /// The audit path of leaf `index` in the tree over the first `size` leaves.
    pub(super) fn path(&self, index: usize, size: usize) -> Vec<Digest> {
        let (mut start, mut end) = (0, size);
        let mut path = Vec::new();
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                path.push(self.range(middle, end));
                end = middle;
            } else {
                path.push(self.range(start, middle));
                start = middle;
            }
        }
        path.reverse();
        path
    }

    /// The root over the leaves `start..end`, at least one. `start` is a multiple of the size of the
    /// smallest whole tree that holds so many, as it is in every split.
    fn range(&self, start: usize, end: usize) -> Digest {
        let size = end - start;
        if size.is_power_of_two() {
            let level = size.trailing_zeros() as usize;
            return self.levels[level][start >> level];
        }
        let middle = start + split(size);
        node(self.range(start, middle), self.range(middle, end))
    }
}

/// The largest power of two below `size`, which is at least 2.
fn split(size: usize) -> usize {
    size.next_power_of_two() / 2
}

fn node(left: Digest, right: Digest) -> Digest {
    Digest::of(&[&[1], &left.as_bytes()[..], right.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6962, 2.1, word for word.
    fn plain(leaves: &[Vec<u8>]) -> Digest {
        match leaves {
            [] => Digest::of(b""),
            [leaf] => Digest::of(&[&[0], &leaf[..]].concat()),
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len()));
                node(plain(left), plain(right))
            }
        }
    }

    /// RFC 9162, 2.1.3.2.
    fn climbs((mut index, mut size): (usize, usize), leaf: Digest, path: &[Digest]) -> Digest {
        let mut hash = leaf;
        size -= 1;
        for step in path {
            if index % 2 == 1 || index == size {
                hash = node(*step, hash);
                while index % 2 == 0 && index != 0 {
                    index /= 2;
                    size /= 2;
                }
            } else {
                hash = node(hash, *step);
            }
            index /= 2;
            size /= 2;
        }
        hash
    }

    #[test]
    fn every_root_and_path_is_that_of_the_definition() {
        let leaves: Vec<_> = (0..70_u8).map(|n| vec![n; n.into()]).collect();
        let mut tree = Tree::default();
        assert_eq!(tree.root(0), plain(&[]));
        for (n, leaf) in leaves.iter().enumerate() {
            assert_eq!(tree.push(leaf), n);
        }
        for size in 1..=leaves.len() {
            let root = tree.root(size);
            assert_eq!(root, plain(&leaves[..size]));
            for index in 0..size {
                let path = tree.path(index, size);
                assert_eq!(climbs((index, size), tree.levels[0][index], &path), root);
            }
        }
    }
}
