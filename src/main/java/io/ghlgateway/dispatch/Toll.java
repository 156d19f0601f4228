package io.ghlgateway.dispatch;

import io.ghlgateway.limits.CallerAllowance;

/** What one request has of its caller's quota, until it is sent: a place among those under way, and one send. */
record Toll(CallerLoad load, CallerAllowance.Taken taken) {

    /** It is not sent. Under no lane's lock. */
    void giveBack() {
        taken.giveBack(1);
        load.release(1);
    }
}
