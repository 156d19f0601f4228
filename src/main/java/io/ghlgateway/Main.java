package io.ghlgateway;

public final class Main {
    public static void main(String[] args) {}
}
