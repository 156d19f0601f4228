package io.ghlgateway.highlevel;

import org.jspecify.annotations.Nullable;

/**
 * Path templates of one method, found by path. Filled by one thread, then read by any.
 *
 * <p>Segment by segment from the left, a literal is tried before a parameter, with a way back: {@code
 * /conversations/messages/{id}} and {@code /conversations/{conversationId}/messages} each get their own. A literal
 * matches the raw segment exactly, a parameter any segment that is not empty. A path that only a trailing slash keeps
 * from a template finds that one, if no template has it exactly; of two slashes at the end none is overlooked.
 */
final class TemplateTree<T> {

    /* One node for each distinct prefix. Every level offers at most two ways, so the search is bounded by the depth of
     * the templates (2^depth at the very worst, when each literal has a parameter beside it) and never by the length of
     * the path. Nothing is allocated by a search: a literal is looked up by a hash taken over the path in place. */

    private final Node<T> root = new Node<>();

    /** @throws IllegalArgumentException if this is no template, or one of the same shape is here */
    void add(String template, T value) {
        boolean slash = template.endsWith("/");
        String path = slash ? template.substring(0, template.length() - 1) : template;
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a template is made of segments after slashes: '" + template + "'");
        }
        Node<T> node = root;
        for (String segment : path.substring(1).split("/", -1)) {
            node = node.child(segment, template);
        }
        if (node.value(slash) != null) {
            throw new IllegalArgumentException("a template of the same shape stands before '" + template + "'");
        }
        node.set(slash, value);
    }

    @Nullable
    T find(String path) {
        if (path.length() < 2 || path.charAt(0) != '/') {
            return null;
        }
        boolean slash = path.charAt(path.length() - 1) == '/';
        int end = slash ? path.length() - 1 : path.length();
        T exact = find(root, path, 1, end, slash);
        return exact != null ? exact : find(root, path, 1, end, !slash);
    }

    private static <T> @Nullable T find(Node<T> node, String path, int start, int end, boolean slash) {
        int next = path.indexOf('/', start);
        int stop = next < 0 || next >= end ? end : next;
        T found = below(node.literals.get(path, start, stop), path, stop, end, slash);
        return found == null && stop > start ? below(node.param, path, stop, end, slash) : found;
    }

    private static <T> @Nullable T below(@Nullable Node<T> node, String path, int stop, int end, boolean slash) {
        if (node == null) {
            return null;
        }
        return stop == end ? node.value(slash) : find(node, path, stop + 1, end, slash);
    }

    private static final class Node<T> {

        private final SegmentMap<Node<T>> literals = new SegmentMap<>();
        private @Nullable Node<T> param;
        private @Nullable T plain;
        private @Nullable T slashed;

        Node<T> child(String segment, String template) {
            if (segment.startsWith("{") && segment.endsWith("}")) {
                if (param == null) {
                    param = new Node<>();
                }
                return param;
            }
            if (segment.isEmpty() || segment.indexOf('{') >= 0) {
                throw new IllegalArgumentException(
                        "segment '" + segment + "' of '" + template + "' is neither a literal nor a {parameter}");
            }
            Node<T> literal = literals.get(segment, 0, segment.length());
            if (literal == null) {
                literal = new Node<>();
                literals.put(segment, literal);
            }
            return literal;
        }

        @Nullable
        T value(boolean slash) {
            return slash ? slashed : plain;
        }

        void set(boolean slash, T value) {
            if (slash) {
                slashed = value;
            } else {
                plain = value;
            }
        }
    }
}
