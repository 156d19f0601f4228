{{/* Refuses a secret written out. Call with (list KEY VALUE). */}}
{{- define "ghl-gateway.refuseLiteral" -}}
{{- $value := index . 1 | default "" | toString -}}
{{- if and $value (not (regexMatch "^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$" $value)) -}}
{{- fail (printf "%s is written out and would stand readable in a ConfigMap: put it into a Secret named under `secrets` and write ${NAME} here" (index . 0)) -}}
{{- end -}}
{{- end -}}

{{- define "ghl-gateway.refuseLiterals" -}}
{{- $config := .Values.config -}}
{{- range list "key" "read-key" -}}
{{- include "ghl-gateway.refuseLiteral" (list (printf "config.admin.%s" .) (dig "admin" . "" $config)) -}}
{{- end -}}
{{- include "ghl-gateway.refuseLiteral" (list "config.credentials.encryption-key" (dig "credentials" "encryption-key" "" $config)) -}}
{{- range $i, $tenant := $config.tenants -}}
{{- include "ghl-gateway.refuseLiteral" (list (printf "config.tenants[%d].token" $i) $tenant.token) -}}
{{- end -}}
{{- range $i, $caller := $config.callers -}}
{{- include "ghl-gateway.refuseLiteral" (list (printf "config.callers[%d].key" $i) $caller.key) -}}
{{- range $j, $key := $caller.keys -}}
{{- include "ghl-gateway.refuseLiteral" (list (printf "config.callers[%d].keys[%d].key" $i $j) $key.key) -}}
{{- end -}}
{{- end -}}
{{- range $i, $app := $config.apps -}}
{{- include "ghl-gateway.refuseLiteral" (list (printf "config.apps[%d].client-secret" $i) (get $app "client-secret")) -}}
{{- range list "secret" "key" -}}
{{- include "ghl-gateway.refuseLiteral" (list (printf "config.apps[%d].external-auth.%s" $i .) (dig "external-auth" . "" $app)) -}}
{{- end -}}
{{- end -}}
{{- range $i, $subscriber := $config.subscribers -}}
{{- include "ghl-gateway.refuseLiteral" (list (printf "config.subscribers[%d].secret" $i) $subscriber.secret) -}}
{{- end -}}
{{- range $i, $header := dig "tracing" "headers" list $config -}}
{{- include "ghl-gateway.refuseLiteral" (list (printf "config.tracing.headers[%d].value" $i) $header.value) -}}
{{- end -}}
{{- if contains "@" (dig "redis" "uri" "" $config) -}}
{{- fail "config.redis.uri carries credentials and would stand readable in a ConfigMap: put the whole URI into a Secret and name it in redis.existingSecret" -}}
{{- end -}}
{{- end -}}

{{/* A Redis that is named though there is none, or none though there is one. */}}
{{- define "ghl-gateway.checkRedis" -}}
{{- if and (not .Values.redis.enabled) .Values.config.redis -}}
{{- fail "redis.enabled is false, and config.redis is set: keep one of them" -}}
{{- end -}}
{{- if and .Values.redis.enabled (not .Values.redis.existingSecret) (not (include "ghl-gateway.namesRedis" .)) -}}
{{- fail "redis.enabled, but nothing says where: set redis.existingSecret (or config.redis.uri), or redis.enabled to false for one embedded replica" -}}
{{- end -}}
{{- end -}}

{{/*
gateway.yaml: what the operator wrote, over what a pod needs. The kubelet probes the admin door, so it must listen on the
pod's address; then it needs a key.
*/}}
{{- define "ghl-gateway.config" -}}
{{- include "ghl-gateway.refuseLiterals" . -}}
{{- include "ghl-gateway.checkRedis" . -}}
{{- $config := deepCopy .Values.config -}}
{{- if and .Values.redis.enabled (not (include "ghl-gateway.namesRedis" .)) -}}
{{- $config = mergeOverwrite $config (dict "redis" (dict "uri" "${REDIS_URI}")) -}}
{{- end -}}
{{- $config = merge $config (dict "admin" (dict "host" "0.0.0.0")) -}}
{{- if not .Values.redis.enabled -}}
{{- $config = merge $config (dict "limits" (dict "journal" "/data")) -}}
{{- end -}}
{{- if or $config.apps $config.credentials -}}
{{- $config = merge $config (dict "credentials" (dict "journal" "/data")) -}}
{{- end -}}
{{- range $door, $tls := .Values.tls -}}
{{- if $tls.secret -}}
{{- if dig $door "tls" "" $config -}}
{{- fail (printf "tls.%s.secret and config.%s.tls both name a certificate: keep one of them" $door $door) -}}
{{- end -}}
{{- $files := dict "certificate" (printf "/etc/ghl-gateway/tls/%s/tls.crt" $door) "key" (printf "/etc/ghl-gateway/tls/%s/tls.key" $door) -}}
{{- if $tls.clientCa -}}
{{- $files = set $files "client-ca" (printf "/etc/ghl-gateway/tls/%s/ca.crt" $door) -}}
{{- end -}}
{{- $config = merge $config (dict $door (dict "tls" $files)) -}}
{{- end -}}
{{- end -}}
{{- if regexMatch "^(127\\..*|localhost|::1)$" $config.admin.host -}}
{{- fail (printf "config.admin.host is %s, where the kubelet's probes can't reach it: leave it out" $config.admin.host) -}}
{{- end -}}
{{- if not (or (dig "admin" "key" "" $config) (dig "admin" "key-file" "" $config)) -}}
{{- fail "config.admin.key is missing: the admin door listens on the pod's address, so it needs a key; put one into a Secret named under `secrets` and write key: \"${ADMIN_KEY}\"" -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* Changes with all that only a new pod takes over: with reloadInPlace, what the gateway does not take over while it runs. */}}
{{- define "ghl-gateway.restartsWith" -}}
{{- $config := include "ghl-gateway.config" . | fromYaml -}}
{{- if .Values.reloadInPlace -}}
{{- $config = omit $config "tenants" "callers" "jwt" -}}
{{- $_ := set $config "admin" (omit $config.admin "key" "key-file" "read-key" "read-key-file") -}}
{{- $limits := omit (default dict $config.limits) "daily" "max-wait" "default-wait" "routes" "reserve" -}}
{{- if $limits.burst -}}
{{- $_ := set $limits "burst" (omit $limits.burst "requests") -}}
{{- end -}}
{{- $_ := set $config "limits" $limits -}}
{{- end -}}
{{- toYaml $config | sha256sum -}}
{{- end -}}
