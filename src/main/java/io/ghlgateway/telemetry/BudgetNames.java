package io.ghlgateway.telemetry;

import io.ghlgateway.digest.Sha256;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.tenancy.Resource;
import java.util.HexFormat;

/**
 * What budgets are called in metrics: by HighLevel's ids, or where those must not travel by a hash of them, which whoever knows
 * an id can make ({@code printf ID | sha256sum}). Ids are random and long enough that nobody else can.
 *
 * @param hashIds whether it is the hash
 */
record BudgetNames(boolean hashIds) {

    private static final int BYTES = 6;

    String of(BudgetKey key) {
        return hashIds ? key.app() + ":" + of(key.resource()) : key.toString();
    }

    String of(Resource resource) {
        var named = resource.toString();
        var id = resource.id();
        return hashIds ? named.substring(0, named.length() - id.length()) + hash(id) : named;
    }

    private static String hash(String id) {
        return HexFormat.of().formatHex(Sha256.of(id), 0, BYTES);
    }
}
