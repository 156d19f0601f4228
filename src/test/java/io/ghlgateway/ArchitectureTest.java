package io.ghlgateway;

import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void a() {}
}
