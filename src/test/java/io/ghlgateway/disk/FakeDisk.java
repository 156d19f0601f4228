package io.ghlgateway.disk;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A disk in memory that knows what was forced; it breaks when told to, and loses power before any of its steps. */
public final class FakeDisk implements Disk {

    /** The power went: nothing runs after this. */
    public static final class PowerCut extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Whether this step fails. */
    public interface Fault {
        boolean strikes(String step);
    }

    private static final class Node {
        byte[] forced = new byte[0];
        byte[] current = new byte[0];
        final List<Change> unforced = new ArrayList<>();
        final List<byte[]> doubtful = new ArrayList<>(); // what a failed force may have left
    }

    /** A write at a place, or, without bytes, a cut there. */
    private record Change(long at, byte[] bytes, boolean cut) {

        byte[] on(byte[] content) {
            if (cut) {
                return Arrays.copyOf(content, (int) at);
            }
            var longer = Arrays.copyOf(content, Math.max(content.length, (int) at + bytes.length));
            System.arraycopy(bytes, 0, longer, (int) at, bytes.length);
            return longer;
        }
    }

    private final Map<String, Node> names = new HashMap<>();
    private final Map<String, Node> forcedNames = new HashMap<>();
    private long stepsLeft = Long.MAX_VALUE;
    private long steps;
    private Fault fault = step -> false;

    /** As many steps are still taken; of a write that is not, a part may arrive (see {@link #afterPowerCut}). */
    public void losePowerAfter(long steps) {
        stepsLeft = steps;
    }

    public void breakOn(Fault fault) {
        this.fault = fault;
    }

    public long steps() {
        return steps;
    }

    public byte[] content(String file) {
        return Objects.requireNonNull(names.get(file)).current.clone();
    }

    public void put(String file, byte[] content) {
        var node = new Node();
        node.forced = content;
        node.current = content;
        names.put(file, node);
        forcedNames.put(file, node);
    }

    /** Each state that a disk which lost its power now may be found in. */
    public List<FakeDisk> afterPowerCut() {
        var all = new ArrayList<FakeDisk>();
        for (var directory : List.of(forcedNames, names)) {
            var whole = new HashMap<String, byte[]>();
            directory.forEach((name, node) -> whole.put(name, node.forced));
            all.add(of(whole));
            directory.forEach((name, node) -> {
                for (var content : possible(node)) {
                    var one = new HashMap<>(whole);
                    one.put(name, content);
                    all.add(of(one));
                }
            });
        }
        return all;
    }

    private static List<byte[]> possible(Node node) {
        var all = new ArrayList<>(node.doubtful);
        var base = node.forced;
        for (var change : node.unforced) {
            if (!change.cut()) {
                for (int n = 0; n <= change.bytes().length; n++) {
                    all.add(new Change(change.at(), Arrays.copyOf(change.bytes(), n), false).on(base));
                    var holed = Arrays.copyOf(Arrays.copyOf(change.bytes(), n), change.bytes().length);
                    all.add(new Change(change.at(), holed, false).on(base));
                    var tail = change.bytes().clone();
                    Arrays.fill(tail, 0, n, (byte) 0);
                    all.add(new Change(change.at(), tail, false).on(base));
                }
            }
            base = change.on(base);
            all.add(base);
        }
        return all;
    }

    private static FakeDisk of(Map<String, byte[]> files) {
        var disk = new FakeDisk();
        files.forEach(disk::put);
        return disk;
    }

    private void step(String what) throws IOException {
        if (stepsLeft-- <= 0) {
            throw new PowerCut();
        }
        steps++;
        if (fault.strikes(what)) {
            throw new IOException("no room on the fake disk: " + what);
        }
    }

    @Override
    public String pathOf(String file) {
        return "/fake/" + file;
    }

    @Override
    public boolean exists(String file) {
        return names.containsKey(file);
    }

    @Override
    public InputStream read(String file) {
        return new ByteArrayInputStream(content(file));
    }

    @Override
    public Output write(String file) throws IOException {
        step("open");
        return new Open(names.computeIfAbsent(file, name -> new Node()));
    }

    @Override
    public void delete(String file) throws IOException {
        step("delete");
        names.remove(file);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        step("rename");
        names.put(to, Objects.requireNonNull(names.remove(from)));
    }

    @Override
    public void forceNames() throws IOException {
        step("force names");
        forcedNames.clear();
        forcedNames.putAll(names);
    }

    @Override
    public void close() {}

    private final class Open implements Output {

        private final Node node;

        Open(Node node) {
            this.node = node;
        }

        @Override
        public long size() {
            return node.current.length;
        }

        @Override
        public void write(ByteBuffer bytes, long at) throws IOException {
            var all = new byte[bytes.remaining()];
            bytes.get(all);
            try {
                step("write");
                change(new Change(at, all, false));
            } catch (IOException | PowerCut e) {
                change(new Change(at, Arrays.copyOf(all, all.length / 2), false));
                throw e;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            step("truncate");
            change(new Change(size, new byte[0], true));
        }

        private void change(Change change) {
            node.unforced.add(change);
            node.current = change.on(node.current);
        }

        /** As in Linux: what one force failed to write the next does not write either. */
        @Override
        public void force() throws IOException {
            try {
                step("force");
            } catch (IOException e) {
                node.doubtful.addAll(possible(node));
                node.unforced.clear();
                throw e;
            }
            for (var change : node.unforced) {
                node.forced = change.on(node.forced);
            }
            node.unforced.clear();
            node.doubtful.clear();
        }

        @Override
        public void close() {}
    }
}
