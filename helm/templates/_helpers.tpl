{{- define "ghl-gateway.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "ghl-gateway.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "ghl-gateway.labels" -}}
{{ include "ghl-gateway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Non-empty when the budgets live in Redis. */}}
{{- define "ghl-gateway.shared" -}}
{{- if or .Values.redis.existingSecret (dig "redis" "uri" "" .Values.config) -}}true{{- end -}}
{{- end -}}

{{/* Non-empty when the gateway keeps tokens of installations, and so a journal of their renewals. */}}
{{- define "ghl-gateway.keepsTokens" -}}
{{- $credentials := default dict .Values.config.credentials -}}
{{- if or (get $credentials "encryption-key") (get $credentials "encryption-key-file") -}}true{{- end -}}
{{- end -}}

{{/*
Non-empty when each replica has a directory that must outlive its pod: embedded, the record of the last sends (and the
tokens); with Redis, the journal of renewals.
*/}}
{{- define "ghl-gateway.keepsFiles" -}}
{{- $sends := and (not (include "ghl-gateway.shared" .)) (ne "none" (dig "limits" "journal" "/data" .Values.config)) -}}
{{- $tokens := and (include "ghl-gateway.keepsTokens" .) (ne "none" (dig "credentials" "journal" "/data" .Values.config)) -}}
{{- if or $sends $tokens -}}true{{- end -}}
{{- end -}}

{{/* How many replicas. Two embedded gateways would each spend the whole quota, so that is refused. */}}
{{- define "ghl-gateway.replicas" -}}
{{- $shared := include "ghl-gateway.shared" . -}}
{{- $replicas := ternary (ternary 2 1 (eq $shared "true")) .Values.replicas (kindIs "invalid" .Values.replicas) | int -}}
{{- if and (gt $replicas 1) (ne $shared "true") -}}
{{- fail (printf "replicas is %d, but without Redis each replica would spend the whole quota: set redis.existingSecret (or config.redis.uri), or replicas to 1" $replicas) -}}
{{- end -}}
{{- $replicas -}}
{{- end -}}

{{/* Whole seconds of a duration as the gateway writes it: 500ms, 30s, 5m, 2h, 1d. Call with (list KEY VALUE). */}}
{{- define "ghl-gateway.seconds" -}}
{{- $key := index . 0 -}}
{{- $text := index . 1 | toString -}}
{{- if not (regexMatch "^[0-9]+(ms|s|m|h|d)$" $text) -}}
{{- fail (printf "%s is %q, which is no duration such as 500ms, 30s or 5m" $key $text) -}}
{{- end -}}
{{- $number := regexFind "^[0-9]+" $text | int -}}
{{- $unit := regexFind "[a-z]+$" $text -}}
{{- if eq $unit "ms" -}}
{{- div (add $number 999) 1000 -}}
{{- else -}}
{{- mul $number (get (dict "s" 1 "m" 60 "h" 3600 "d" 86400) $unit) -}}
{{- end -}}
{{- end -}}

{{/* The whole drain must fit into the grace period; what runs longer is killed with requests in flight. */}}
{{- define "ghl-gateway.grace" -}}
{{- $lameDuck := include "ghl-gateway.seconds" (list "config.drain.lame-duck" (dig "drain" "lame-duck" "0s" .Values.config)) | int -}}
{{- $timeout := include "ghl-gateway.seconds" (list "config.drain.timeout" (dig "drain" "timeout" "30s" .Values.config)) | int -}}
{{- add .Values.preStopSleepSeconds $lameDuck $timeout 10 -}}
{{- end -}}

{{/* Refuses a secret written out. Call with (list KEY VALUE). */}}
{{- define "ghl-gateway.refuseLiteral" -}}
{{- $value := index . 1 | default "" | toString -}}
{{- if and $value (not (regexMatch "^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$" $value)) -}}
{{- fail (printf "%s is written out and would stand readable in a ConfigMap: put it into a Secret named under `secrets` and write ${NAME} here" (index . 0)) -}}
{{- end -}}
{{- end -}}

{{- define "ghl-gateway.refuseLiterals" -}}
{{- include "ghl-gateway.refuseLiteral" (list "config.admin.key" (dig "admin" "key" "" .Values.config)) -}}
{{- range $i, $tenant := .Values.config.tenants -}}
{{- include "ghl-gateway.refuseLiteral" (list (printf "config.tenants[%d].token" $i) (dig "token" "" $tenant)) -}}
{{- end -}}
{{- range $i, $caller := .Values.config.callers -}}
{{- include "ghl-gateway.refuseLiteral" (list (printf "config.callers[%d].key" $i) (dig "key" "" $caller)) -}}
{{- end -}}
{{- range $i, $app := .Values.config.apps -}}
{{- include "ghl-gateway.refuseLiteral" (list (printf "config.apps[%d].client-secret" $i) (get $app "client-secret")) -}}
{{- end -}}
{{- include "ghl-gateway.refuseLiteral" (list "config.credentials.encryption-key" (dig "credentials" "encryption-key" "" .Values.config)) -}}
{{- $uri := dig "redis" "uri" "" .Values.config -}}
{{- if contains "@" $uri -}}
{{- fail "config.redis.uri carries credentials and would stand readable in a ConfigMap: put the whole URI into a Secret and name it in redis.existingSecret" -}}
{{- end -}}
{{- end -}}

{{/*
gateway.yaml: what the operator wrote, over what a pod needs. The kubelet probes the admin door, so it must listen on the
pod's address; then it needs a key.
*/}}
{{- define "ghl-gateway.config" -}}
{{- include "ghl-gateway.refuseLiterals" . -}}
{{- $config := deepCopy .Values.config -}}
{{- if and .Values.redis.existingSecret (dig "redis" "uri" "" $config) -}}
{{- fail "redis.existingSecret and config.redis.uri both name a Redis: keep one of them" -}}
{{- end -}}
{{- if .Values.redis.existingSecret -}}
{{- $config = mergeOverwrite $config (dict "redis" (dict "uri" "${REDIS_URI}")) -}}
{{- end -}}
{{- $config = merge $config (dict "admin" (dict "host" "0.0.0.0") "limits" (dict "journal" "/data")) -}}
{{- if include "ghl-gateway.keepsTokens" . -}}
{{- $config = merge $config (dict "credentials" (dict "journal" "/data")) -}}
{{- end -}}
{{- if regexMatch "^(127\\..*|localhost|::1)$" $config.admin.host -}}
{{- fail (printf "config.admin.host is %s, where the kubelet's probes can't reach it: leave it out" $config.admin.host) -}}
{{- end -}}
{{- if not (or (dig "admin" "key" "" $config) (dig "admin" "key-file" "" $config)) -}}
{{- fail "config.admin.key is missing: the admin door listens on the pod's address, so it needs a key; put one into a Secret named under `secrets` and write key: \"${ADMIN_KEY}\"" -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{- define "ghl-gateway.proxyPort" -}}
{{- dig "proxy" "port" 8080 .Values.config | int -}}
{{- end -}}

{{- define "ghl-gateway.adminPort" -}}
{{- dig "admin" "port" 9091 .Values.config | int -}}
{{- end -}}

{{- define "ghl-gateway.publicPort" -}}
{{- dig "public" "port" 8081 .Values.config | int -}}
{{- end -}}
