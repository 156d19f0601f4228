package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

    private static final int BOUND_MILLIS = 60_000;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final FaultProxy proxy = new FaultProxy(server.getLocalPort());

    FaultProxyTest() throws IOException {
        server.setSoTimeout(BOUND_MILLIS);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void bytesPassBothWaysUntilEitherEnds() throws IOException {
        try (var client = connect();
                var there = server.accept()) {
            client.getOutputStream().write("ask".getBytes());
            assertThat(there.getInputStream().readNBytes(3)).asString().isEqualTo("ask");
            there.getOutputStream().write("answer".getBytes());
            there.close();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        }
    }

    @Test
    void anAnswerIsCutAfterItsBytesAndBothSidesAreTold() throws IOException {
        proxy.cutAfter(() -> 4);
        try (var client = connect();
                var there = server.accept()) {
            there.setSoTimeout(BOUND_MILLIS);
            there.getOutputStream().write("answer".getBytes());
            assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> there.getInputStream().read()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aRequestIsCutAfterItsBytesAndBothSidesAreTold() throws IOException {
        proxy.cutRequestsAfter(() -> 4);
        try (var client = connect();
                var there = server.accept()) {
            there.setSoTimeout(BOUND_MILLIS);
            client.getOutputStream().write("request".getBytes());
            assertThatThrownBy(() -> there.getInputStream().readAllBytes()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whatIsStalledComesWhenItFlowsAgain() throws Exception {
        try (var client = connect();
                var there = server.accept()) {
            proxy.stall();
            client.getOutputStream().write(1);
            var came = CompletableFuture.supplyAsync(() -> {
                try {
                    return there.getInputStream().read();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(came).isNotDone();
            proxy.flow();
            assertThat(came.join()).isEqualTo(1);
        }
    }

    @Test
    void whoIsRefusedIsTakenAgainLater() throws IOException {
        proxy.refuse();
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        proxy.connect();
        try (var client = connect();
                var there = server.accept()) {
            there.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isEqualTo(1);
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(BOUND_MILLIS);
        return socket;
    }
}
