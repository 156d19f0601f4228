package io.ghlgateway.disk;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The files of one directory as a log needs them; what a test breaks to see what a log makes of it. All calls block. One
 * thread at a time.
 */
public interface Disk extends Closeable {

    /** For messages. */
    String pathOf(String file);

    boolean exists(String file) throws IOException;

    InputStream read(String file) throws IOException;

    /** Opens it as it is, for writing; makes an empty one where there is none. */
    Output write(String file) throws IOException;

    void delete(String file) throws IOException;

    /** At once or not at all; takes the place of what is there. */
    void rename(String from, String to) throws IOException;

    /** After this a file's name outlives a power cut, too. */
    void forceNames() throws IOException;

    /** Lets others have the directory. */
    @Override
    void close() throws IOException;

    /** An open file; it follows its file when that is renamed. */
    interface Output extends Closeable {

        long size() throws IOException;

        /** Writes all of it or throws, and then any part of it may have been written. */
        void write(ByteBuffer bytes, long at) throws IOException;

        void truncate(long size) throws IOException;

        /** After this what was written outlives a power cut. */
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }
}
