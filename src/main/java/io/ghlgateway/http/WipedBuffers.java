package io.ghlgateway.http;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.util.Arrays;

/**
 * Jackson's buffers, which each thread uses again, emptied after each use: they would hold the end of what was read or
 * written last for as long as the thread lives, and that may be a token.
 */
public final class WipedBuffers extends RecyclerPool.ThreadLocalPoolBase<BufferRecycler> {

    public static final WipedBuffers POOL = new WipedBuffers();

    private static final long serialVersionUID = 1;
    private static final ThreadLocal<BufferRecycler> OF_THREAD = ThreadLocal.withInitial(Wiping::new);

    private WipedBuffers() {}

    @Override
    public BufferRecycler acquirePooled() {
        return OF_THREAD.get();
    }

    private Object readResolve() {
        return POOL;
    }

    /** What has grown is not taken back: it would be emptied whole each time. */
    private static final class Wiping extends BufferRecycler {

        private static final int LARGEST = 16 * 1024;

        @Override
        public void releaseByteBuffer(int use, byte[] buffer) {
            if (buffer.length <= LARGEST) {
                Arrays.fill(buffer, (byte) 0);
                super.releaseByteBuffer(use, buffer);
            }
        }

        @Override
        public void releaseCharBuffer(int use, char[] buffer) {
            if (buffer.length <= LARGEST) {
                Arrays.fill(buffer, '\0');
                super.releaseCharBuffer(use, buffer);
            }
        }
    }
}
